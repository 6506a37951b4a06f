/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libkmod knows of one kernel's modules. The index alone is asked (modules.alias,
 * modules.dep, modules.builtin): no modprobe.d of any host, no /sys/module.
 */
#pragma once

#include "core/base/err.h"
#include "core/base/root.h"

struct module_index;

enum module_place {
	MODULE_MISSING, /* this kernel has no such module */
	MODULE_LOADABLE,
	MODULE_BUILTIN,
};

/* dir is /lib/modules/RELEASE inside root; -ENOENT where it has no index. */
int module_index_open(
	const struct root *root, const char *dir, struct module_index **ret) MUST_CHECK;
void module_index_close(struct module_index *index);

/* Modules that want a modalias, or *ret = NULL where none does; see strv.h. */
int module_lookup(
	struct module_index *index, const char *modalias, char ***ret) MUST_CHECK;
/* What loading it loads too: all it depends on; and its softdeps by modules.softdep. */
int module_needs(struct module_index *index, const char *name, char ***ret) MUST_CHECK;
int module_softdeps(struct module_index *index, const char *name, char ***ret) MUST_CHECK;
enum module_place module_place(struct module_index *index, const char *name);
