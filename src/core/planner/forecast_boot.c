// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/planner/forecast_boot.h"
#include "core/base/strv.h"
#include "core/format/modlist.h"
#include "core/format/kargs.h"
#include "core/host/iommu.h"
#include "core/host/modprobe.h"
#include "core/host/module.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/planner/forecast_device.h"

void forecast_state_done(struct forecast_state *o)
{
	modprobe_lines_done(&o->modprobe);
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

static int take_files(const struct draft *draft, bool planned, struct host *host)
{
	*host = *draft->host;
	host->files = calloc(
		host->n_files + draft->plan->steps.n_changes + 1, sizeof(*host->files));
	if (!host->files)
		return -ENOMEM;
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
	return 0;
}

/* Where the loader's files cannot be read, the next boot is taken to be like this one. */
static int take_words(const struct draft *draft, bool planned, char ***ret)
{
	struct err err;
	int r = draft->kargs_problem ? -EINVAL : 0;

	if (r == 0 && planned)
		r = strv_copy(draft->user_kargs, ret);
	else if (r == 0)
		r = loader_kargs(draft->host, draft->loader, true, ret, &err);
	if (r < 0 && r != -ENOMEM)
		r = kargs_split(draft->host->cmdline ?: "", ret);
	for (char **word = planned ? draft->plan->kargs : NULL; r == 0 && word && *word;
		word++)
		r = strv_add(ret, *word);
	return r;
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

enum image_load forecast_image_load(const struct forecast_state *o)
{
	const struct generator *g = o->draft->generator;

	return g ? g->row->loads(&o->host, o->kargs) : IMAGE_LOADS_NOT;
}

int forecast_state_make(
	const struct draft *draft, bool planned, struct forecast_state *ret)
{
	CLEANUP(forecast_state_done) struct forecast_state o = { .draft = draft };

	if (take_files(draft, planned, &o.host) < 0 ||
		host_modprobe(&o.host, &o.modprobe) < 0 ||
		take_words(draft, planned, &o.kargs) < 0)
		return -ENOMEM;
	o.iommu = will_translate(draft, planned, o.kargs);
	*ret = o;
	o = (struct forecast_state){ 0 };
	return 0;
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

int forecast_softdep(const struct forecast_boot *boot, const char *module,
	const struct modprobe_line **ret, char ***names)
{
	const struct modprobe_line *line =
		modprobe_first(&boot->state->modprobe, "softdep", module);
	struct module_index *index = boot->kernel ? boot->kernel->modules : NULL;
	autostrv char **own = NULL;

	if (index && module_softdeps(index, module, &own) < 0)
		return -ENOMEM;
	if (own && (!line || strcmp(modprobe_file_name(line), KERNEL_SOFTDEPS) > 0))
		line = NULL;
	else
		strv_free(TAKE(own));
	for (size_t i = 2; line && line->tokens[i]; i++)
		if (!has_suffix(line->tokens[i], ":") &&
			strv_add(&own, line->tokens[i]) < 0)
			return -ENOMEM;
	*ret = line;
	*names = TAKE(own);
	return 0;
}

/*
 * Adds the module and what it pulls in, which no blacklist keeps out. An install line
 * stands in for the module, unless it has a softdep: that cancels it.
 */
static int load(struct forecast_boot *boot, const char *module, bool by_alias)
{
	const struct forecast_state *o = boot->state;
	struct module_index *index = boot->kernel ? boot->kernel->modules : NULL;
	const struct modprobe_line *softdep, *install;
	autostrv char **softdeps = NULL, **needs = NULL;
	autofree char *name = module_real_name(module);

	if (!name)
		return -ENOMEM;
	if (strv_has(boot->loaded, name) || kept_out(o, name, by_alias) ||
		(index && module_place(index, name) != MODULE_LOADABLE))
		return 0;
	if (forecast_softdep(boot, name, &softdep, &softdeps) < 0)
		return -ENOMEM;
	install = modprobe_first(&o->modprobe, "install", name);
	if (install && !softdep && !softdeps && !modprobe_loads_itself(install))
		return 0;
	if (strv_add(&boot->loaded, name) < 0 ||
		(index && module_needs(index, name, &needs) < 0))
		return -ENOMEM;
	strv_foreach (other, needs)
		if (load(boot, other, false) < 0)
			return -ENOMEM;
	strv_foreach (other, softdeps)
		if (load(boot, other, false) < 0)
			return -ENOMEM;
	return 0;
}

/* What udev loads for a device: a line in modprobe.d replaces what the kernel says. */
static int load_for(struct forecast_boot *boot, const struct device *d)
{
	autostrv char **modules = NULL;

	if (d->modalias &&
		modprobe_alias(&boot->state->modprobe, d->modalias, &modules) < 0)
		return -ENOMEM;
	if (!modules && forecast_wanting(boot, d, &modules) < 0)
		return -ENOMEM;
	strv_foreach (module, modules)
		if (load(boot, module, true) < 0)
			return -ENOMEM;
	return 0;
}

/* Whether a list of modules to load at boot names vfio-pci. */
static int listed(const struct forecast_state *o, bool *ret)
{
	bool has = false;

	for (size_t i = 0; i < o->host.n_files && !has; i++) {
		const struct file *f = &o->host.files[i];

		if ((streq(f->path, "/etc/modules") ||
			    strstr(f->path, "/modules-load.d/")) &&
			module_list_has(f->text, "vfio-pci", &has) < 0)
			return -ENOMEM;
	}
	*ret = has && !kept_out(o, "vfio_pci", true);
	return 0;
}

/* The last ids= wins (kernel/params.c); the command line comes after all files, which
 * only a module has read for it. */
static int last_ids(const struct forecast_state *o, bool files, char **ret)
{
	const char *word = kargs_value(o->kargs, "vfio-pci.ids");

	for (size_t i = 0; files && !word && i < o->modprobe.n; i++) {
		const struct modprobe_line *line = &o->modprobe.list[i];
		autofree char *ids = NULL;

		/* Once the initramfs has loaded vfio-pci, other files come too late. */
		if (!modprobe_is(line, "options", "vfio-pci") ||
			(forecast_image_load(o) && !forecast_in_image(o, line->path)))
			continue;
		if (modprobe_option(line, "ids", &ids) < 0)
			return -ENOMEM;
		if (ids) {
			free(*ret);
			*ret = TAKE(ids);
		}
	}
	if (word)
		*ret = strdup(word);
	return word && !*ret ? -ENOMEM : 0;
}

/*
 * "vfio_pci ids=..." in initramfs-tools' list of modules: arguments of modprobe come
 * after all options, but they count only where nothing has loaded it before.
 */
static int listed_ids(struct forecast_boot *boot)
{
	const struct forecast_state *o = boot->state;
	const struct generator *g = o->draft->generator;
	const struct file *f = host_file(&o->host, "/etc/initramfs-tools/modules");
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };

	if (boot->vfio_builtin || strv_has(boot->loaded, "vfio_pci") || !g ||
		!streq(g->row->id, "initramfs-tools"))
		return 0;
	if (module_list_read(f ? f->path : NULL, f ? f->text : NULL, &lines) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < lines.n; i++) {
		char **kargs = lines.list[i].tokens;

		strv_foreach (word, kargs) {
			const char *ids = after_prefix(word, "ids=");

			if (!ids || !module_name_equal(kargs[0], "vfio_pci"))
				continue;
			free(boot->ids);
			boot->ids = strdup(ids);
			if (!boot->ids)
				return -ENOMEM;
		}
	}
	return 0;
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

int forecast_boot_make(
	const struct forecast_state *o, const struct kernel *k, struct forecast_boot *ret)
{
	CLEANUP(forecast_boot_done)
	struct forecast_boot boot = { .state = o, .kernel = k };
	enum module_place place =
		k && k->modules ? module_place(k->modules, "vfio_pci") : MODULE_LOADABLE;
	bool loaded;

	boot.vfio_builtin = place == MODULE_BUILTIN;
	if (last_ids(o, !boot.vfio_builtin, &boot.ids) < 0 || listed(o, &loaded) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < o->host.n_devices; i++)
		if (load_for(&boot, &o->host.devices[i]) < 0)
			return -ENOMEM;
	if (listed_ids(&boot) < 0)
		return -ENOMEM;
	boot.no_vfio = vfio_problem(&boot, place);
	boot.vfio_loads = boot.vfio_builtin || loaded || forecast_image_load(o) ||
			  strv_has(boot.loaded, "vfio_pci");
	*ret = boot;
	boot = (struct forecast_boot){ 0 };
	return 0;
}
