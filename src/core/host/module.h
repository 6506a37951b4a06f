/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libkmod knows of one kernel's modules. The index alone is asked (modules.alias,
 * modules.dep, modules.builtin): no modprobe.d of any host, no /sys/module. It is in
 * memory once it is open.
 */
#pragma once

#include "core/base/util.h"

struct module_index;

enum module_place {
	MODULE_MISSING, /* this kernel has no such module */
	MODULE_LOADABLE,
	MODULE_BUILTIN,
};

/*
 * dir is a descriptor of /lib/modules/RELEASE, which the index keeps, also where it
 * fails; builtin the text of its modules.builtin, or NULL. -ENOENT where it has no index,
 * -ELOOP where a file of the index is none but a link, a FIFO or the like: libkmod would
 * follow it out of the root, or hang on it.
 */
int module_index_open(int dir, const char *builtin, struct module_index **ret) MUST_CHECK;
void module_index_close(struct module_index *index);

/* Modules that want a modalias, or NULL where none does; see strv.h. */
char **module_lookup(struct module_index *index, const char *modalias) MUST_CHECK;
/* What loading it loads too: all it depends on; and its softdeps by modules.softdep. */
char **module_needs(struct module_index *index, const char *name) MUST_CHECK;
char **module_softdeps(struct module_index *index, const char *name) MUST_CHECK;
/* Where its file is below the kernel's directory, "kernel/drivers/nvme/host/nvme.ko", or
 * NULL. */
char *module_path(struct module_index *index, const char *name) MUST_CHECK;
enum module_place module_place(struct module_index *index, const char *name);
