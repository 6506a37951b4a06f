// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/module.h"
#include "core/base/strv.h"

#include <fcntl.h>
#include <libkmod.h>
#include <sys/stat.h>

struct module_index {
	int dir; /* keeps /proc/self/fd/N valid, which is the path libkmod has */
	struct kmod_ctx *ctx;
	char **builtin; /* modules that are part of the kernel, with '_' only; see strv.h
			 */
};

/* What libkmod opens in the directory (libkmod.c, libkmod-config.c; versions 29 to 34).
 */
static const char *const index_files[] = { "modules.dep.bin", "modules.alias.bin",
	"modules.symbols.bin", "modules.builtin.bin", "modules.builtin.alias.bin",
	"modules.builtin.modinfo", "modules.softdep", "modules.weakdep" };

static void list_free(struct kmod_list **list)
{
	(void)kmod_module_unref_list(*list);
}

static void module_unref(struct kmod_module **module)
{
	(void)kmod_module_unref(*module);
}

static void module_index_closep(struct module_index **index)
{
	module_index_close(*index);
}

static int check_files(int dir)
{
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(index_files); i++)
		if (fstatat(dir, index_files[i], &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			!S_ISREG(st.st_mode))
			return -ELOOP;
	return 0;
}

/* "kernel/drivers/vfio/pci/vfio-pci.ko" a line. */
static char **read_builtin(const char *text)
{
	autostrv char **lines = strv_split(text, "\n");
	char **names = NULL;

	strv_foreach (line, lines) {
		const char *slash = strrchr(line, '/');
		char *name = slash ? (char *)slash + 1 : line;

		name[strcspn(name, ".")] = '\0';
		for (char *c = name; *c; c++)
			if (*c == '-')
				*c = '_';
		strv_add(&names, name);
	}
	return names;
}

int module_index_open(int dir, const char *builtin, struct module_index **ret)
{
	/* No configuration: an empty list, where NULL would mean this host's modprobe.d.
	 */
	static const char *const no_config[] = { NULL };
	CLEANUP(module_index_closep)
	struct module_index *index = xcalloc(1, sizeof(*index));
	char path[64];
	int r;

	index->dir = dir;
	r = check_files(dir);
	if (r < 0)
		return r;
	index->builtin = builtin ? read_builtin(builtin) : NULL;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	index->ctx = kmod_new(path, no_config);
	if (!index->ctx || kmod_load_resources(index->ctx) < 0)
		return -ENOENT;
	kmod_set_log_priority(index->ctx, 0);
	*ret = TAKE(index);
	return 0;
}

void module_index_close(struct module_index *index)
{
	if (!index)
		return;
	if (index->ctx)
		kmod_unref(index->ctx);
	closep(&index->dir);
	strv_free(index->builtin);
	free(index);
}

static void add_names(struct kmod_list *list, char ***names)
{
	struct kmod_list *at;

	kmod_list_foreach(at, list)
	{
		struct kmod_module *module = kmod_module_get_module(at);

		strv_add_new(names, kmod_module_get_name(module));
		(void)kmod_module_unref(module);
	}
}

char **module_lookup(struct module_index *index, const char *modalias)
{
	CLEANUP(list_free) struct kmod_list *list = NULL;
	char **names = NULL;
	int r = kmod_module_new_from_lookup(index->ctx, modalias, &list);

	if (r == -ENOMEM)
		alloc_failed();
	if (r == 0)
		add_names(list, &names);
	return names;
}

/* Which fails for want of memory only. */
static struct kmod_module *module_new(struct module_index *index, const char *name)
{
	struct kmod_module *module;

	if (kmod_module_new_from_name(index->ctx, name, &module) < 0)
		alloc_failed();
	return module;
}

char **module_needs(struct module_index *index, const char *name)
{
	CLEANUP(module_unref) struct kmod_module *module = module_new(index, name);
	CLEANUP(list_free)
	struct kmod_list *needed = kmod_module_get_dependencies(module);
	char **names = NULL;

	add_names(needed, &names);
	return names;
}

char **module_softdeps(struct module_index *index, const char *name)
{
	CLEANUP(list_free) struct kmod_list *pre = NULL, *post = NULL;
	CLEANUP(module_unref) struct kmod_module *module = module_new(index, name);
	char **names = NULL;

	if (kmod_module_get_softdeps(module, &pre, &post) < 0)
		alloc_failed();
	add_names(pre, &names);
	add_names(post, &names);
	return names;
}

char *module_path(struct module_index *index, const char *name)
{
	CLEANUP(module_unref) struct kmod_module *module = module_new(index, name);
	const char *path = kmod_module_get_path(module);
	const char *in_tree = path ? strstr(path, "/kernel/") : NULL;

	return in_tree ? xstrdup(in_tree + 1) : NULL;
}

/* kmod_module_get_initstate() would tell, too, but looks into the /sys/module of the host
 * that this program runs on. */
enum module_place module_place(struct module_index *index, const char *name)
{
	CLEANUP(list_free) struct kmod_list *list = NULL;
	struct kmod_module *module;
	enum module_place place = MODULE_MISSING;

	if (kmod_module_new_from_lookup(index->ctx, name, &list) < 0 || !list)
		return MODULE_MISSING;
	module = kmod_module_get_module(list);
	if (strv_has(index->builtin, kmod_module_get_name(module)))
		place = MODULE_BUILTIN;
	else if (kmod_module_get_path(module))
		place = MODULE_LOADABLE;
	(void)kmod_module_unref(module);
	return place;
}
