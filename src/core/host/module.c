// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/module.h"
#include "core/base/strv.h"

#include <fcntl.h>
#include <libkmod.h>

struct module_index {
	int dir; /* keeps /proc/self/fd/N valid, which is the path libkmod has */
	struct kmod_ctx *ctx;
};

static void list_free(struct kmod_list **list)
{
	(void)kmod_module_unref_list(*list);
}

static void module_unref(struct kmod_module **module)
{
	(void)kmod_module_unref(*module);
}

int module_index_open(const struct root *root, const char *dir, struct module_index **ret)
{
	/* No configuration: an empty list, where NULL would mean this host's modprobe.d.
	 */
	static const char *const no_config[] = { NULL };
	struct module_index *index;
	char path[64];
	int fd = root_openat(root, dir, O_PATH | O_DIRECTORY, 0);

	if (fd < 0)
		return fd;
	index = calloc(1, sizeof(*index));
	if (!index)
		return closep(&fd), -ENOMEM;
	index->dir = fd;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	index->ctx = kmod_new(path, no_config);
	if (!index->ctx || kmod_load_resources(index->ctx) < 0) {
		module_index_close(index);
		return -ENOENT;
	}
	kmod_set_log_priority(index->ctx, 0);
	*ret = index;
	return 0;
}

void module_index_close(struct module_index *index)
{
	if (!index)
		return;
	if (index->ctx)
		kmod_unref(index->ctx);
	closep(&index->dir);
	free(index);
}

static int add_names(struct kmod_list *list, char ***names)
{
	struct kmod_list *at;

	kmod_list_foreach(at, list)
	{
		struct kmod_module *module = kmod_module_get_module(at);
		int r = strv_add_new(names, kmod_module_get_name(module));

		(void)kmod_module_unref(module);
		if (r < 0)
			return r;
	}
	return 0;
}

int module_lookup(struct module_index *index, const char *modalias, char ***ret)
{
	CLEANUP(list_free) struct kmod_list *list = NULL;
	autostrv char **names = NULL;
	int r = kmod_module_new_from_lookup(index->ctx, modalias, &list);

	if (r == 0)
		r = add_names(list, &names);
	if (r < 0)
		return r;
	*ret = TAKE(names);
	return 0;
}

static int module_new(
	struct module_index *index, const char *name, struct kmod_module **ret)
{
	return kmod_module_new_from_name(index->ctx, name, ret) < 0 ? -ENOMEM : 0;
}

int module_needs(struct module_index *index, const char *name, char ***ret)
{
	CLEANUP(module_unref) struct kmod_module *module = NULL;
	CLEANUP(list_free) struct kmod_list *needed = NULL;
	autostrv char **names = NULL;

	if (module_new(index, name, &module) < 0)
		return -ENOMEM;
	needed = kmod_module_get_dependencies(module);
	if (add_names(needed, &names) < 0)
		return -ENOMEM;
	*ret = TAKE(names);
	return 0;
}

int module_softdeps(struct module_index *index, const char *name, char ***ret)
{
	CLEANUP(list_free) struct kmod_list *pre = NULL, *post = NULL;
	CLEANUP(module_unref) struct kmod_module *module = NULL;
	autostrv char **names = NULL;

	if (module_new(index, name, &module) < 0 ||
		kmod_module_get_softdeps(module, &pre, &post) < 0 ||
		add_names(pre, &names) < 0 || add_names(post, &names) < 0)
		return -ENOMEM;
	*ret = TAKE(names);
	return 0;
}

enum module_place module_place(struct module_index *index, const char *name)
{
	CLEANUP(list_free) struct kmod_list *list = NULL;
	struct kmod_module *module;
	enum module_place place = MODULE_MISSING;

	if (kmod_module_new_from_lookup(index->ctx, name, &list) < 0 || !list)
		return MODULE_MISSING;
	module = kmod_module_get_module(list);
	if (kmod_module_get_initstate(module) == KMOD_MODULE_BUILTIN)
		place = MODULE_BUILTIN;
	else if (kmod_module_get_path(module))
		place = MODULE_LOADABLE;
	(void)kmod_module_unref(module);
	return place;
}
