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

static int read_config(const struct root *root, struct kernel *k)
{
	for (size_t i = 0; i < ARRAY_SIZE(config_paths); i++) {
		autofree char *path = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		if (text_set(&path, config_paths[i], k->release) < 0)
			return -ENOMEM;
#pragma GCC diagnostic pop
		if (root_read(root, path, CONFIG_MAX, &k->config, NULL) == 0)
			return 0;
	}
	return 0;
}

static int read_softdeps(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *path = NULL;
	int r;

	if (text_set(&path, "%s/" KERNEL_SOFTDEPS, dir) < 0)
		return -ENOMEM;
	r = root_read(root, path, CONFIG_MAX, &k->softdeps, NULL);
	return r == -ENOMEM ? r : 0;
}

/* -ENOMEM; without an index there is none. */
static int open_index(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *path = NULL, *builtin = NULL;
	int fd, r;

	if (text_set(&path, "%s/modules.builtin", dir) < 0)
		return -ENOMEM;
	r = root_read(root, path, CONFIG_MAX, &builtin, NULL);
	if (r == -ENOMEM)
		return r;
	fd = root_openat(root, dir, O_PATH | O_DIRECTORY, 0);
	r = fd < 0 ? fd : module_index_open(fd, builtin, &k->modules);
	return r == -ENOMEM ? r : 0;
}

/* Arch's packages of kernels put their own names beside the modules. */
static int read_package(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *path = NULL;

	if (text_set(&path, "%s/pkgbase", dir) < 0)
		return -ENOMEM;
	return root_read_attr(root, path, &k->package) == -ENOMEM ? -ENOMEM : 0;
}

/* Where Debian has it, or where Fedora and Arch have it. */
static int find_image(const struct root *root, const char *dir, struct kernel *k)
{
	autofree char *boot = NULL, *beside = NULL;

	if (text_set(&boot, "/boot/vmlinuz-%s", k->release) < 0 ||
		text_set(&beside, "%s/vmlinuz", dir) < 0)
		return -ENOMEM;
	if (root_exists(root, beside))
		k->image = TAKE(beside);
	else if (root_exists(root, boot))
		k->image = TAKE(boot);
	return 0;
}

/* 0 where the directory is no installed kernel: depmod's index is what makes it one. */
static int kernel_read(
	const struct root *root, const char *dir, const char *release, struct kernel *k)
{
	autofree char *path = NULL, *index = NULL;
	int r;

	if (text_set(&path, "%s/%s", dir, release) < 0)
		return -ENOMEM;
	if (text_set(&index, "%s/modules.dep", path) < 0)
		return -ENOMEM;
	if (!root_exists(root, index))
		return 0;
	k->release = strdup(release);
	if (!k->release)
		return -ENOMEM;
	r = open_index(root, path, k);
	if (r == 0)
		r = read_package(root, path, k);
	if (r == 0)
		r = find_image(root, path, k);
	if (r == 0)
		r = read_config(root, k);
	if (r == 0)
		r = read_softdeps(root, path, k);
	return r < 0 ? r : 1;
}

static int kernels_fill(const struct root *root, const char *dir, char *const *releases,
	struct kernel **kernels, size_t *n)
{
	for (size_t i = strv_len(releases); i-- > 0;) { /* the newest is last */
		int r = GROW(*kernels, *n);

		if (r < 0)
			return r;
		r = kernel_read(root, dir, releases[i], &(*kernels)[*n]);
		*n += r != 0; /* half-read ones too: they are freed with the rest */
		if (r < 0)
			return r;
	}
	return 0;
}

int scan_kernels(const struct probe *p)
{
	autostrv char **releases = NULL;
	struct host *host = p->host;

	for (size_t i = 0; i < ARRAY_SIZE(module_dirs); i++) {
		int r = root_list(p->root, module_dirs[i], &releases);

		strv_sort_versions(releases);
		if (r == 0)
			r = kernels_fill(p->root, module_dirs[i], releases,
				&host->kernels, &host->n_kernels);
		if (r == -ENOMEM)
			return r;
		if (r == 0)
			break; /* /lib is a link to /usr/lib where both exist */
	}
	return 0;
}
