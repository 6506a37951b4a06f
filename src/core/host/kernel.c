// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/kernel.h"
#include "core/base/strv.h"
#include "core/host/host.h"
#include "core/host/module.h"

void kernels_free(struct kernel *kernels, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(kernels[i].release);
		free(kernels[i].package);
		free(kernels[i].image);
		free(kernels[i].config);
		free(kernels[i].softdeps);
		module_index_close(kernels[i].modules);
	}
	free(kernels);
}

char kernel_config(const struct kernel *k, const char *option)
{
	size_t n = strlen(option);

	if (!k->config)
		return '?';
	for (const char *p = k->config; (p = strstr(p, option)); p += n)
		if ((p == k->config || p[-1] == '\n') && p[n] == '=')
			return p[n + 1];
	return 'n';
}

bool kernel_has_softdep(const struct kernel *k, const char *module)
{
	for (const char *line = k->softdeps; line && *line;) {
		const char *name = after_prefix(line, "softdep ");
		size_t n = name ? strcspn(name, " \t\n") : 0;

		if (n == strlen(module) && n && strncmp(name, module, n) == 0)
			return true;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

char *host_kernels_without(const struct host *host, const char *module)
{
	autostrv char **without = NULL;

	for (size_t i = 0; i < host->n_kernels; i++) {
		const struct kernel *k = &host->kernels[i];

		if (k->modules && module_place(k->modules, module) == MODULE_MISSING)
			strv_add(&without, k->release);
	}
	return without ? strv_join(without, ", ") : NULL;
}
