// SPDX-License-Identifier: GPL-2.0-or-later
/* dpkg: /var/lib/dpkg/info/PACKAGE.md5sums has what is below /usr, the database's own
 * file has the configuration's (dpkg-query(1), deb-md5sums(5)). pacman:
 * local/PACKAGE/files. */
#include "core/scan/packages.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <md5.h>

#define DATABASE_MAX ((size_t)32 << 20)

/* Whether some line of a directory's files is one of these. */
static bool some_has(const struct probe *p, const char *dir, const char *file,
	const char *suffix, char *const *lines)
{
	autostrv char **names = NULL;

	if (root_list(p->root, dir, &names) < 0)
		return false;
	strv_foreach (name, names) {
		autofree char *path = text_printf("%s%s%s", dir, name, file);
		autofree char *text = NULL;
		size_t len;

		if (!has_suffix(name, suffix) ||
			root_read(p->root, path, DATABASE_MAX, &text, &len) < 0)
			continue;
		strv_foreach (line, lines)
			if (strstr(text, line))
				return true;
	}
	return false;
}

/* Before /usr was one with / some packages had their files in /lib. */
static const char *without_usr(const char *path)
{
	return after_prefix(path, "/usr/lib/") ? path + strlen("/usr") : path;
}

static bool dpkg_owns(const struct probe *p, const char *path, const char *text)
{
	char sum[MD5_DIGEST_STRING_LENGTH];
	autostrv char **lines = NULL;
	autofree char *status = NULL, *conffile = NULL;
	size_t len;

	(void)MD5Data((const uint8_t *)text, strlen(text), sum);
	if (after_prefix(path, "/etc/")) {
		conffile = text_printf(" %s %s\n", path, sum);
		return root_read(p->root, "/var/lib/dpkg/status", DATABASE_MAX, &status,
			       &len) == 0 &&
		       strstr(status, conffile);
	}
	for (int i = 0; i < 3; i++) {
		const char *other = i ? without_usr(path) : path;
		autofree char *line = i < 2 ? text_printf("%s  %s\n", sum, other + 1)
					    : text_printf("%s  usr%s\n", sum, path);

		strv_add_new(&lines, line);
	}
	return some_has(p, "/var/lib/dpkg/info/", "", ".md5sums", lines);
}

static bool pacman_owns(const struct probe *p, const char *path)
{
	autofree char *line = text_printf("\n%s\n", path + 1);
	char *lines[] = { line, NULL };

	return some_has(p, "/var/lib/pacman/local/", "/files", "", lines);
}

bool packages_own(const struct probe *p, const char *path, const char *text)
{
	static const char *const rpm[] = { "/var/lib/rpm", "/usr/lib/sysimage/rpm",
		"/usr/share/rpm", NULL };

	if (after_prefix(path, "/usr/local/"))
		return false;
	if (root_exists(p->root, "/var/lib/dpkg/status"))
		return dpkg_owns(p, path, text);
	if (root_exists(p->root, "/var/lib/pacman/local"))
		return after_prefix(path, "/usr/") && pacman_owns(p, path);
	return root_has_any(p->root, rpm) &&
	       (after_prefix(path, "/usr/") || after_prefix(path, "/lib/"));
}
