// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/kernels.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/host/module.h"

#include <fcntl.h>

/* Distribution kernels have configurations of about 250 KiB. */
#define CONFIG_MAX ((size_t)4 << 20)

static const char *const module_dirs[] = { "/lib/modules", "/usr/lib/modules" };

/* Where distributions keep a kernel's configuration; %s is the release. */
static const char *const config_paths[] = {
	"/boot/config-%s", /* Debian, Fedora, openSUSE */
	"/lib/modules/%s/config", /* Fedora, Arch from its headers */
	"/usr/lib/modules/%s/config",
};

static void read_config(const struct root *root, struct kernel *k)
{
	for (size_t i = 0; i < ARRAY_SIZE(config_paths); i++) {
		autofree char *path = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		path = text_printf(config_paths[i], k->release);
#pragma GCC diagnostic pop
		if (root_read(root, path, CONFIG_MAX, &k->config, NULL) == 0)
			return;
	}
}

static void read_softdeps(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *path = text_printf("%s/" KERNEL_SOFTDEPS, dir);

	if (root_read(root, path, CONFIG_MAX, &k->softdeps, NULL) < 0)
		k->softdeps = NULL;
}

/* Without an index there is none. */
static void open_index(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *path = text_printf("%s/modules.builtin", dir), *builtin = NULL;
	int fd;

	if (root_read(root, path, CONFIG_MAX, &builtin, NULL) < 0)
		builtin = NULL;
	fd = root_openat(root, dir, O_PATH | O_DIRECTORY, 0);
	if (fd < 0 || module_index_open(fd, builtin, &k->modules) < 0)
		k->modules = NULL;
}

/* Arch's packages of kernels put their own names beside the modules. */
static void read_package(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *path = text_printf("%s/pkgbase", dir);

	if (root_read_attr(root, path, &k->package) < 0)
		k->package = NULL;
}

/* Where Debian has it, or where Fedora and Arch have it. */
static void find_image(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *boot = text_printf("/boot/vmlinuz-%s", k->release);
	autofree char *beside = text_printf("%s/vmlinuz", dir);

	if (root_exists(root, beside))
		k->image = TAKE(beside);
	else if (root_exists(root, boot))
		k->image = TAKE(boot);
}

/* False where the directory is no installed kernel: depmod's index is what makes it one.
 */
static bool kernel_read(
	const struct root *root, const char *dir, const char *release, struct kernel *k)
{
	autofree char *path = text_printf("%s/%s", dir, release);
	autofree char *index = text_printf("%s/modules.dep", path);

	if (!root_exists(root, index))
		return false;
	k->release = xstrdup(release);
	open_index(root, path, k);
	read_package(root, path, k);
	find_image(root, path, k);
	read_config(root, k);
	read_softdeps(root, path, k);
	return true;
}

static void kernels_fill(const struct root *root, const char *dir, char *const *releases,
	struct kernel **kernels, size_t *n)
{
	for (size_t i = strv_len(releases); i-- > 0;) { /* the newest is last */
		GROW(*kernels, *n);
		*n += kernel_read(root, dir, releases[i], &(*kernels)[*n]);
	}
}

void scan_kernels(const struct probe *p)
{
	struct host *host = p->host;

	for (size_t i = 0; i < ARRAY_SIZE(module_dirs); i++) {
		autostrv char **releases = NULL;

		if (root_list(p->root, module_dirs[i], &releases) < 0)
			continue;
		strv_sort_versions(releases);
		kernels_fill(p->root, module_dirs[i], releases, &host->kernels,
			&host->n_kernels);
		break; /* /lib is a link to /usr/lib where both exist */
	}
}
