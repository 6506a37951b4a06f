// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/dangling.h"
#include "core/base/strv.h"
#include "core/base/text.h"

/*
 * A link in modprobe.d that leads nowhere: kmod 34 passes over it. Up to 33 it was judged
 * by memory that nothing had filled (kmod commit 1290d9c), so that it masks files of its
 * name, as an empty file would, or does not. The library's version tells: 33 is
 * libkmod.so.2.5.0, 34 is libkmod.so.2.5.1.
 */
enum libkmod { LIBKMOD_UNKNOWN, LIBKMOD_34, LIBKMOD_OLDER };

static void ask_libkmod(const struct root *root, const char *dir, enum libkmod *answer)
{
	autofree char *path = text_printf("%s/libkmod.so.2", dir), *name = NULL;
	unsigned int age, revision;

	if (root_link_name(root, path, &name) < 0 ||
		sscanf(name, "libkmod.so.2.%u.%u", &age, &revision) != 2)
		return;
	if (age < 5 || (age == 5 && revision < 1))
		*answer = LIBKMOD_OLDER;
	else if (*answer == LIBKMOD_UNKNOWN)
		*answer = LIBKMOD_34;
}

/* In a library directory, and in those of Debian's multiarch in it. */
static void ask_libkmods(const struct root *root, const char *dir, enum libkmod *answer)
{
	autostrv char **names = NULL;

	ask_libkmod(root, dir, answer);
	if (root_list(root, dir, &names) < 0)
		return;
	strv_foreach (name, names) {
		autofree char *path = NULL;

		if (!strstr(name, "-linux-"))
			continue;
		path = text_printf("%s/%s", dir, name);
		ask_libkmod(root, path, answer);
	}
}

bool dangling_masks(const struct probe *p, const char *link, const char *other)
{
	static const char *const lib_dirs[] = { "/usr/lib64", "/usr/lib", "/lib64",
		"/lib" };
	enum libkmod answer = LIBKMOD_UNKNOWN;
	autofree char *doubt = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(lib_dirs); i++)
		ask_libkmods(p->root, lib_dirs[i], &answer);
	if (answer == LIBKMOD_34)
		return false;
	doubt = text_printf(
		"%s is a link to nothing: kmod from 34 on passes over it, with older ones it may mask %s, and this host does not show that its kmod is 34. Remove the link, or make it one to /dev/null.",
		link, other);
	strv_add(&p->host->doubts, doubt);
	return true;
}

bool file_is_dangling(const struct probe *p, const struct file *f)
{
	autofree char *target = NULL;
	struct stat st;

	return f->link && root_stat(p->root, f->path, &st) == -ENOENT &&
	       root_readlink(p->root, f->path, &target) == 0 &&
	       !has_suffix(target, "/dev/null");
}
