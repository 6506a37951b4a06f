// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/planner/forecast_boot.h"
#include "core/base/strv.h"
#include "core/existing/doors.h"
#include "core/base/text.h"
#include "core/existing/kargs.h"
#include "core/format/modlist.h"
#include "core/format/kargs.h"
#include "core/host/iommu.h"
#include "core/host/modprobe.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/planner/forecast_own.h"

void forecast_state_done(struct forecast_state *o)
{
	modprobe_lines_done(&o->modprobe);
	acts_done(&o->acts);
	strv_free(o->kargs);
	free(o->host.files);
	*o = (struct forecast_state){ 0 };
}

void forecast_boot_done(struct forecast_boot *boot)
{
	strv_free(boot->loaded);
	free(boot->ids);
	*boot = (struct forecast_boot){ 0 };
}

/* -- files and words ----------------------------------------------------------------- */

static void take_files(const struct draft *draft, bool planned, struct host *host)
{
	*host = *draft->host;
	host->files = xcalloc(
		host->n_files + draft->plan->steps.n_changes + 1, sizeof(*host->files));
	memcpy(host->files, draft->host->files, host->n_files * sizeof(*host->files));
	for (size_t i = 0; planned && i < draft->plan->steps.n_changes; i++) {
		const struct change *c = &draft->plan->steps.changes[i];
		struct file *f = (struct file *)host_file(host, c->path);

		if (!f) {
			f = &host->files[host->n_files++];
			f->path = c->path;
		}
		f->text = c->after;
	}
}

/* Where the loader's files cannot be read, the next boot is taken to be like this one. */
static char **take_words(const struct draft *draft, bool planned)
{
	struct err err;
	char **words = NULL;

	if (planned && !draft->kargs_problem)
		words = strv_copy(draft->user_kargs);
	else if (draft->kargs_problem ||
		 loader_kargs(draft->host, draft->loader, true, &words, &err) < 0)
		words = kargs_split(draft->host->cmdline ?: "");
	strv_foreach (word, planned ? draft->plan->kargs : NULL)
		strv_add(&words, word);
	return words;
}

static bool will_translate(const struct draft *draft, bool planned, char *const *kargs)
{
	const struct host *host = draft->host;

	if (host_iommu_off_karg(draft->host, kargs))
		return false;
	return host->iommu == IOMMU_ACTIVE || (planned && draft->enable_only) ||
	       (host->cpu == CPU_INTEL && host->iommu != IOMMU_ABSENT &&
		       kargs_value_has(kargs, "intel_iommu", "on"));
}

/* Whether what happens in the initramfs goes by this file. */
bool forecast_in_image(const struct forecast_state *o, const char *path)
{
	const struct generator *g = o->draft->generator;

	return !g || g->row->holds(&o->host, path);
}

/* Whether something of the user's loads vfio-pci by its name by the end of a stage. */
static bool acts_load(const struct forecast_state *o, enum act_stage stage)
{
	for (size_t i = 0; i < o->acts.n; i++)
		if (o->acts.list[i].stage <= stage &&
			(o->acts.list[i].kind == ACT_LOAD ||
				o->acts.list[i].kind == ACT_DETACH))
			return true;
	return false;
}

enum image_load forecast_image_load(const struct forecast_state *o)
{
	const struct generator *g = o->draft->generator;
	enum image_load load = g ? g->row->loads(&o->host, o->kargs) : IMAGE_LOADS_NOT;

	if (load != IMAGE_LOADS_FIRST && acts_load(o, ACT_IMAGE_EARLY))
		return IMAGE_LOADS_FIRST;
	return load == IMAGE_LOADS_NOT && acts_load(o, ACT_IMAGE) ? IMAGE_LOADS : load;
}

void forecast_state_make(
	const struct draft *draft, bool planned, struct forecast_state *ret)
{
	autostrv char **kargs = take_words(draft, planned);

	forecast_state_entry(draft, planned, kargs, ret);
}

void forecast_state_entry(const struct draft *draft, bool planned, char *const *kargs,
	struct forecast_state *ret)
{
	*ret = (struct forecast_state){ .draft = draft };
	take_files(draft, planned, &ret->host);
	host_modprobe(&ret->host, &ret->modprobe);
	ret->kargs = strv_copy(kargs);
	acts_read(&ret->host, ret->kargs, &ret->acts);
	ret->iommu = will_translate(draft, planned, ret->kargs);
}

/* -- which modules are loaded -------------------------------------------------------- */

/* As libkmod, every modprobe.blacklist= counts; as the kernel, the last
 * module_blacklist=, which names modules exactly. */
static bool kept_out(const struct forecast_state *o, const char *name, bool by_alias)
{
	const char *value;

	if (kargs_value_has(o->kargs, "module_blacklist", name))
		return true;
	for (size_t i = 0; by_alias && i < o->modprobe.n; i++)
		if (modprobe_is(&o->modprobe.list[i], "blacklist", name))
			return true;
	if (by_alias)
		strv_foreach (word, o->kargs) {
			value = after_prefix(word, "modprobe.blacklist=");
			if (value && module_names_have(value, name))
				return true;
		}
	return false;
}

char **forecast_softdep(const struct forecast_boot *boot, const char *module,
	const struct modprobe_line **ret_line)
{
	const struct modprobe_line *line =
		modprobe_first(&boot->state->modprobe, "softdep", module);
	struct module_index *index = boot->kernel ? boot->kernel->modules : NULL;
	autostrv char **own = NULL;

	if (index)
		own = module_softdeps(index, module);
	if (own && (!line || strcmp(modprobe_file_name(line), KERNEL_SOFTDEPS) > 0))
		line = NULL;
	else
		strv_free(TAKE(own));
	for (size_t i = 2; line && line->tokens[i]; i++)
		if (!has_suffix(line->tokens[i], ":"))
			strv_add(&own, line->tokens[i]);
	*ret_line = line;
	return TAKE(own);
}

/*
 * Adds the module and what it pulls in, which no blacklist keeps out. An install line
 * stands in for the module, unless it has a softdep: that cancels it.
 */
static void load(struct forecast_boot *boot, const char *module, bool by_alias)
{
	const struct forecast_state *o = boot->state;
	struct module_index *index = boot->kernel ? boot->kernel->modules : NULL;
	const struct modprobe_line *softdep, *install;
	autostrv char **softdeps = NULL, **needs = NULL;
	autofree char *name = module_real_name(module);

	if (strv_has(boot->loaded, name) || kept_out(o, name, by_alias) ||
		(index && module_place(index, name) != MODULE_LOADABLE))
		return;
	softdeps = forecast_softdep(boot, name, &softdep);
	install = modprobe_first(&o->modprobe, "install", name);
	if (install && !softdep && !softdeps && !modprobe_loads_itself(install))
		return;
	strv_add(&boot->loaded, name);
	if (index)
		needs = module_needs(index, name);
	strv_foreach (other, needs)
		load(boot, other, false);
	strv_foreach (other, softdeps)
		load(boot, other, false);
}

/* The word that names the module, as kept_out() reads it; NULL for none. */
static const char *word_against(const struct forecast_state *o, const char *name)
{
	strv_foreach (word, o->kargs) {
		const char *value = after_prefix(word, "module_blacklist=");

		if (!value)
			value = after_prefix(word, "modprobe.blacklist=");
		if (value && module_names_have(value, name))
			return word;
	}
	return NULL;
}

char *forecast_keeper(const struct forecast_boot *boot, const char *module)
{
	const struct forecast_state *o = boot->state;
	struct module_index *index = boot->kernel ? boot->kernel->modules : NULL;
	autofree char *name = module_real_name(module);
	const char *word = word_against(o, name);
	const struct modprobe_line *line = NULL;

	if (strv_has(boot->loaded, name) ||
		(index && module_place(index, name) != MODULE_LOADABLE))
		return NULL;
	if (kept_out(o, name, true) && word)
		return existing_karg_place(&o->host, word);
	for (size_t i = 0; i < o->modprobe.n && !line; i++)
		if (modprobe_is(&o->modprobe.list[i], "blacklist", name))
			line = &o->modprobe.list[i];
	if (!line)
		line = modprobe_first(&o->modprobe, "install", name);
	return line ? text_printf("%s:%zu", line->path, line->line) : NULL;
}

/* What udev loads for a device: a line in modprobe.d replaces what the kernel says. */
static void load_for(struct forecast_boot *boot, const struct device *d)
{
	autostrv char **modules = NULL;

	if (d->modalias)
		modules = modprobe_alias(&boot->state->modprobe, d->modalias);
	if (!modules)
		modules = forecast_wanting(boot, d);
	strv_foreach (module, modules)
		load(boot, module, true);
}

/* Whether a list of modules to load at boot names vfio-pci. */
static bool listed(const struct forecast_state *o)
{
	bool has = false;

	for (size_t i = 0; i < o->host.n_files && !has; i++) {
		const struct file *f = &o->host.files[i];

		if (streq(f->path, "/etc/modules") || strstr(f->path, "/modules-load.d/"))
			has = module_list_has(f->text, "vfio-pci");
	}
	return has && !kept_out(o, "vfio_pci", true);
}

/* The last ids= wins (kernel/params.c); the command line comes after all files, which
 * only a module has read for it. */
static char *last_ids(const struct forecast_state *o, bool files)
{
	const char *word = kargs_value(o->kargs, "vfio-pci.ids");
	autofree char *last = NULL;

	for (size_t i = 0; files && !word && i < o->modprobe.n; i++) {
		const struct modprobe_line *line = &o->modprobe.list[i];
		autofree char *ids = NULL;

		/* Once the initramfs has loaded vfio-pci, other files come too late. */
		if (!modprobe_is(line, "options", "vfio-pci") ||
			(forecast_image_load(o) && !forecast_in_image(o, line->path)))
			continue;
		ids = modprobe_option(line, "ids");
		if (ids) {
			free(last);
			last = TAKE(ids);
		}
	}
	return word ? xstrdup(word) : TAKE(last);
}

/*
 * "vfio_pci ids=..." in initramfs-tools' list of modules: arguments of modprobe come
 * after all options, but they count only where nothing has loaded it before.
 */
static void listed_ids(struct forecast_boot *boot)
{
	const struct forecast_state *o = boot->state;
	const struct generator *g = o->draft->generator;
	const struct file *f = host_file(&o->host, "/etc/initramfs-tools/modules");
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };

	if (boot->vfio_builtin || strv_has(boot->loaded, "vfio_pci") || !g ||
		!streq(g->row->id, "initramfs-tools"))
		return;
	module_list_read(f ? f->path : NULL, f ? f->text : NULL, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		char **kargs = lines.list[i].tokens;

		strv_foreach (word, kargs) {
			const char *ids = after_prefix(word, "ids=");

			if (!ids || !module_name_equal(kargs[0], "vfio_pci"))
				continue;
			free(boot->ids);
			boot->ids = xstrdup(ids);
		}
	}
}

static const char *vfio_problem(const struct forecast_boot *boot, enum module_place place)
{
	const struct forecast_state *o = boot->state;

	if (place == MODULE_MISSING)
		return "this kernel has no vfio-pci";
	if (place == MODULE_LOADABLE && kept_out(o, "vfio_pci", false))
		return "module_blacklist=vfio_pci is on the kernel command line";
	if (boot->ids && strlen(boot->ids) > VFIO_IDS_MAX)
		return "vfio-pci does not load with a list of IDs that long";
	return NULL;
}

void forecast_boot_make(
	const struct forecast_state *o, const struct kernel *k, struct forecast_boot *ret)
{
	enum module_place place =
		k && k->modules ? module_place(k->modules, "vfio_pci") : MODULE_LOADABLE;

	*ret = (struct forecast_boot){ .state = o, .kernel = k };
	ret->vfio_builtin = place == MODULE_BUILTIN;
	ret->ids = last_ids(o, !ret->vfio_builtin);
	for (size_t i = 0; i < o->host.n_devices; i++)
		load_for(ret, &o->host.devices[i]);
	listed_ids(ret);
	ret->no_vfio = vfio_problem(ret, place);
	ret->vfio_listed = listed(o) || forecast_image_load(o);
	ret->vfio_loads = ret->vfio_builtin || ret->vfio_listed ||
			  strv_has(ret->loaded, "vfio_pci") || acts_load(o, ACT_SYSTEM);
}
