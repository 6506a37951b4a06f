// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A unit starts at boot where a link in NAME.wants or NAME.requires has its name, or that
 * of its timer, path or socket. One without [Install] may be started by what it cannot
 * show (systemd.unit(5)): it counts.
 */
#include "core/scan/units.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"

static const char *const dirs[] = { "/etc/systemd/system/", "/run/systemd/system/",
	"/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/",
	"/lib/systemd/system/" };

/* Names of all units that something at boot wants. */
static char **find_wanted(const struct probe *p)
{
	char **wanted = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		autostrv char **names = NULL;

		if (root_list(p->root, dirs[i], &names) < 0)
			continue;
		strv_foreach (name, names) {
			autofree char *dir = text_printf("%s%s", dirs[i], name);
			autostrv char **links = NULL;

			if ((!has_suffix(name, ".wants") &&
				    !has_suffix(name, ".requires")) ||
				root_list(p->root, dir, &links) < 0)
				continue;
			strv_foreach (link, links)
				strv_add_new(&wanted, link);
		}
	}
	return wanted;
}

/* The unit of a file: its own name, or its directory's of drop-ins. */
static char *unit_of(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	const char *dir = name - 1;

	if (!strstr(path, ".service.d/"))
		return xstrdup(name);
	while (dir[-1] != '/')
		dir--;
	return xstrndup(dir, (size_t)(name - 1 - dir) - strlen(".d"));
}

static bool is_hidden(const struct probe *p, const char *path, const char *unit)
{
	for (size_t i = 0; i < ARRAY_SIZE(dirs) && !after_prefix(path, dirs[i]); i++) {
		autofree char *other = text_printf("%s%s", dirs[i], unit);
		autofree char *target = NULL;

		if (root_exists(p->root, other) ||
			root_readlink(p->root, other, &target) == 0)
			return true;
	}
	return false;
}

/* "\x3a" is ":" in an instance's name as the unit has it by %I. */
static char *unescape(const char *s)
{
	struct buf b = { 0 };

	while (*s) {
		unsigned code;
		char c = *s;
		int n = 1;

		if (*s == '\\' && sscanf(s, "\\x%2x", &code) == 1) {
			c = (char)code;
			n = 4;
		} else if (c == '-') {
			c = '/';
		}
		buf_add(&b, &c, 1);
		s += n;
	}
	return buf_take(&b);
}

static char *instance_text(const char *text, const char *instance)
{
	autofree char *plain = unescape(instance);
	struct buf b = { 0 };

	for (; *text; text++) {
		if (text[0] == '%' && (text[1] == 'i' || text[1] == 'I')) {
			buf_puts(&b, text[1] == 'i' ? instance : plain);
			text++;
		} else {
			buf_add(&b, text, 1);
		}
	}
	return buf_take(&b);
}

static void add_instances(const char *unit, const char *at, const char *text,
	char *const *wanted, char ***ret)
{
	autofree char *begin = xstrndup(unit, (size_t)(at + 1 - unit));

	strv_foreach (name, wanted) {
		const char *rest = after_prefix(name, begin);
		autofree char *instance = NULL, *one = NULL;

		if (!rest || !has_suffix(rest, ".service") || rest[0] == '.')
			continue;
		instance = xstrndup(rest, strlen(rest) - strlen(".service"));
		one = instance_text(text, instance);
		strv_add(ret, one);
	}
}

static bool is_wanted(const char *unit, char *const *wanted)
{
	static const char *const kinds[] = { ".service", ".timer", ".path", ".socket" };
	autofree char *base = xstrndup(unit, strlen(unit) - strlen(".service"));

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		autofree char *name = text_printf("%s%s", base, kinds[i]);

		if (strv_has(wanted, name))
			return true;
	}
	return false;
}

char **units_instances(const struct probe *p, const char *path, const char *text)
{
	autofree char *unit = unit_of(path);
	autostrv char **wanted = NULL;
	bool dropin = strstr(path, ".service.d/");
	char **texts = NULL;
	const char *at = strchr(unit, '@');

	if (!has_suffix(unit, ".service") || (!dropin && is_hidden(p, path, unit)))
		return NULL;
	wanted = find_wanted(p);
	if (at && at[1] == '.')
		add_instances(unit, at, text, wanted, &texts);
	else if (dropin || !strstr(text, "[Install]") || is_wanted(unit, wanted))
		strv_add(&texts, text);
	return texts;
}
