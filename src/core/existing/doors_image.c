// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/existing/doors_image.h"
#include "core/base/strv.h"
#include "core/format/array.h"
#include "core/format/names.h"
#include "core/format/shell.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"

/* Whether the host's images may be made by that program. */
static bool makes_images(const struct host *host, const char *id)
{
	const struct generator *g = initramfs_pick(host, NULL);

	if (g)
		return after_prefix(g->row->id, id);
	for (size_t i = 0; i < host->n_generators; i++)
		if (after_prefix(host->generators[i].row->id, id))
			return true;
	return false;
}

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static void read_script(const struct door_reader *r, const struct file *f,
	enum act_stage stage, const struct script_entry *entries)
{
	struct script script = r->script;

	script.path = f->path;
	script.stage = stage;
	script.entries = entries;
	script_read(&script, f->text, NULL, r->ret);
}

static struct act *add_act(const struct door_reader *r, const struct file *f,
	enum act_kind kind, size_t line)
{
	struct act *act = acts_add(r->ret);

	*act = (struct act){
		.kind = kind, .stage = ACT_IMAGE, .path = f->path, .line = line
	};
	return act;
}

/* IDs for vfio-pci, that it is loaded, or a script of its own. */
static void read_builder_line(const struct door_reader *r, const struct file *f,
	const char *line, size_t number)
{
	static const char *const ways[] = { "driver_override", "new_id", "drivers_probe",
		"/sys/bus/pci/drivers/" };
	CLEANUP(names_done) struct names names = { 0 };
	bool vfio = strstr(line, "vfio-pci") || strstr(line, "vfio_pci");

	names_find(line, &names);
	if (line[strspn(line, " \t")] == '#')
		return;
	strv_foreach (id, vfio && strstr(line, "ids=") ? names.ids : NULL)
		add_act(r, f, ACT_UNCLEAR, number)->id = xstrdup(id);
	if (vfio && strstr(line, "force_load"))
		add_act(r, f, ACT_LOAD, number)->driver = xstrdup("vfio-pci");
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (strstr(line, ways[i])) {
			add_act(r, f, ACT_UNCLEAR, number)->address =
				names.addresses ? xstrdup(names.addresses[0]) : NULL;
			return;
		}
}

/*
 * What runs while an image is made changes no driver: it says what the image holds. Only
 * where it puts a script or a configuration of its own in it is there more.
 */
static void read_builder(const struct door_reader *r, const struct file *f)
{
	size_t number = 1;

	for (const char *s = f->text; *s; number++) {
		size_t n = strcspn(s, "\n");
		autofree char *line = xstrndup(s, n);

		read_builder_line(r, f, line, number);
		s += n + (s[n] == '\n');
	}
}

/* -- initramfs-tools ------------------------------------------------------------------
 */

/*
 * Scripts of init-top run in the order of their prerequisites, those without any by their
 * names: "udev" is one of them (initramfs-tools(7), mkinitramfs' cache_run_scripts).
 * Those of the user's that ask for none are before or after it by name.
 */
static bool before_udev(const struct file *f)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const struct shell_var *prereq = NULL;

	if (!strstr(f->path, "/scripts/init-top/"))
		return false;
	if (shell_source(&vars, f->path, f->text, NULL) == 0) {
		prereq = shell_get(&vars, "PREREQ");
		if (!prereq)
			prereq = shell_get(&vars, "PREREQS");
	}
	if (prereq && strstr(prereq->value, "udev"))
		return false;
	return strcmp(name_of(f->path), "udev") < 0;
}

void door_read_initramfs_tools(const struct door_reader *r, const struct file *f)
{
	if (!makes_images(r->host, "initramfs-tools") || !(f->mode & 0111) ||
		strstr(f->path, "/scripts/panic/"))
		return;
	if (strstr(f->path, "/hooks/"))
		read_builder(r, f);
	else
		read_script(r, f, before_udev(f) ? ACT_IMAGE_EARLY : ACT_IMAGE, NULL);
}

/* -- dracut ---------------------------------------------------------------------------
 */

#define SETUP "module-setup.sh"

/* The module's own module-setup.sh, where it speaks: then it was kept. */
static const char *setup_of(const struct host *host, const char *path)
{
	size_t n = (size_t)(name_of(path) - path);

	for (size_t i = 0; i < host->n_doors; i++) {
		const char *other = host->doors[i].path;

		if (strncmp(other, path, n) == 0 && streq(other + n, SETUP))
			return host->doors[i].text;
	}
	return NULL;
}

/* Whether dracut's lists name the module: "40vfio" is "vfio". */
static bool list_names(const struct host *host, const char *list, const char *path)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const struct shell_var *var;
	size_t n;
	autofree const struct file **files =
		host_files_by_name(host, "/dracut.conf.d/", &n);
	autofree char *dir = xstrndup(path, (size_t)(name_of(path) - path - 1));
	const char *name = name_of(dir);
	autostrv char **names = NULL;

	name += strspn(name, "0123456789");
	for (size_t i = 0; i < n; i++)
		if (files[i]->text &&
			shell_source(&vars, files[i]->path, files[i]->text, NULL) < 0)
			continue;
	var = shell_get(&vars, list);
	if (var)
		names = strv_split(var->value, " \t\n");
	return strv_has(names, name);
}

/* A module whose check() gives 255 is only in images that ask for it. */
static bool is_in_image(const struct host *host, const char *path, const char *setup)
{
	if (list_names(host, "omit_dracutmodules", path))
		return false;
	return !setup || !strstr(setup, "return 255") ||
	       list_names(host, "add_dracutmodules", path) ||
	       list_names(host, "force_add_dracutmodules", path) ||
	       list_names(host, "dracutmodules", path);
}

/* Of "inst_hook pre-udev 30 "$moddir/NAME"": dracut.bootup(7) has the order. */
static enum act_stage stage_of_hook(const char *setup, const char *path)
{
	static const char *const early[] = { "cmdline", "pre-udev", "pre-trigger" };
	const char *s = setup ? strstr(setup, name_of(path)) : NULL;
	enum act_stage stage = ACT_IMAGE;

	for (; s; s = strstr(s + 1, name_of(path))) {
		const char *begin = s;
		autofree char *line = NULL;

		while (begin > setup && begin[-1] != '\n')
			begin--;
		line = xstrndup(begin, (size_t)(s - begin));
		for (size_t i = 0; strstr(line, "inst_hook") && i < ARRAY_SIZE(early);
			i++)
			if (strstr(line, early[i]))
				stage = ACT_IMAGE_EARLY;
	}
	return stage;
}

void door_read_dracut(const struct door_reader *r, const struct file *f)
{
	const char *setup = setup_of(r->host, f->path);

	if (!makes_images(r->host, "dracut") || !is_in_image(r->host, f->path, setup))
		return;
	if (streq(name_of(f->path), SETUP))
		read_builder(r, f);
	else
		read_script(r, f, stage_of_hook(setup, f->path), NULL);
}

/* -- mkinitcpio -----------------------------------------------------------------------
 */

static void source_hooks(const struct host *host, struct array *ret)
{
	size_t n;
	autofree const struct file **files =
		host_files_by_name(host, "/mkinitcpio.conf.d/", &n);

	array_source(host_text(host, "/etc/mkinitcpio.conf"), "HOOKS", ret);
	for (size_t i = 0; i < n; i++)
		array_source(files[i]->text, "HOOKS", ret);
}

/* Images of systemd run no hook; others run run_earlyhook() before udev looks for
 * devices, run_hook() in the order of HOOKS (mkinitcpio's init). */
void door_read_mkinitcpio(const struct door_reader *r, const struct file *f)
{
	CLEANUP(array_done) struct array hooks = { 0 };
	struct script_entry entries[] = { { "run_earlyhook", ACT_IMAGE_EARLY },
		{ "run_hook", ACT_IMAGE }, { "run_latehook", ACT_IMAGE }, { 0 } };

	if (!makes_images(r->host, "mkinitcpio"))
		return;
	source_hooks(r->host, &hooks);
	if (!strv_has(hooks.tokens, name_of(f->path)))
		return;
	if (strstr(f->path, "/install/")) {
		read_builder(r, f);
		return;
	}
	strv_foreach (hook, hooks.tokens) {
		if (streq(hook, "udev"))
			break;
		if (streq(hook, name_of(f->path)))
			entries[1].stage = ACT_IMAGE_EARLY;
	}
	if (!strv_has(hooks.tokens, "systemd"))
		read_script(r, f, ACT_IMAGE_EARLY, entries);
}
