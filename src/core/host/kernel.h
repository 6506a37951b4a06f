/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An installed kernel: its modules and its configuration. */
#pragma once

#include "core/base/util.h"

struct host;
struct module_index; /* libkmod's view of /lib/modules/RELEASE; see module.h */

struct kernel {
	char *release; /* "6.1.0-18-amd64" */
	struct module_index *modules; /* NULL where the index could not be read */
	char *package; /* on Arch: its package's name, which its image has; else NULL */
	char *image; /* the path of vmlinuz, NULL where it was not found */
	char *config; /* /boot/config-RELEASE, NULL where there is none */
	char *softdeps; /* its modules.softdep: what modules themselves ask for; or NULL
			 */
};

void kernels_free(struct kernel *kernels, size_t n);

/*
 * Whether the module has a softdep of its own. libkmod sorts modules.softdep among the
 * files of modprobe.d by its name, and heeds only the first softdep of a module
 * (libkmod-config.c, kmod_config_new; libkmod-module.c, kmod_module_get_softdeps).
 */
bool kernel_has_softdep(const struct kernel *k, const char *module);
#define KERNEL_SOFTDEPS "modules.softdep"

/* An option of its configuration: 'y', 'm', 'n' ("is not set" or absent), '?' unknown. */
char kernel_config(const struct kernel *k, const char *option);

/* The releases of installed kernels that lack a module, with commas; NULL for none. */
char *host_kernels_without(const struct host *host, const char *module) MUST_CHECK;
