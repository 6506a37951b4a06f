// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/loader/boots.h"
#include "core/base/text.h"
#include "core/format/shell.h"
#include "core/loader/loaders.h"

#include <fnmatch.h>

#define GRUB_DEFAULTS "/etc/default/grub"
#define GRUBENV "/boot/grub2/grubenv"

/* "key value" of the last such line. */
static char *conf_value(const char *text, const char *key)
{
	char *value = NULL;

	for (const char *line = text; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		const char *rest = after_prefix(line + strspn(line, " \t"), key);

		if (!rest || !strchr(" \t", *rest))
			continue;
		rest += strspn(rest, " \t");
		free(value);
		value = xstrndup(rest, strcspn(rest, " \t\r\n"));
	}
	return value;
}

/* loader.conf(5): "default" is a pattern for the entries' names; "@saved" is for the
 * firmware to tell. */
static char *default_of_conf(const struct host *host)
{
	static const char *const paths[] = { "/efi/loader/loader.conf",
		"/boot/efi/loader/loader.conf", "/boot/loader/loader.conf" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *text = host_text(host, paths[i]);

		if (text)
			return conf_value(text, "default");
	}
	return NULL;
}

/* GRUB_DEFAULT=saved: the entry's name is in the environment block. */
static char *default_of_grub(const struct host *host)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const char *text = host_text(host, GRUB_DEFAULTS),
		   *env = host_text(host, GRUBENV);
	const struct shell_var *which;
	const char *at = env ? strstr(env, "\nsaved_entry=") : NULL;

	if (!text || !at || shell_source(&vars, GRUB_DEFAULTS, text, NULL) < 0)
		return NULL;
	which = shell_get(&vars, "GRUB_DEFAULT");
	if (!which || !streq(which->value, "saved"))
		return NULL;
	at += strlen("\nsaved_entry=");
	return xstrndup(at, strcspn(at, "\n"));
}

static char *default_name(const struct host *host, const struct evidence *e)
{
	switch (e->loader->by) {
	case BY_SYSTEMD_BOOT:
		return e->by_default ? xstrdup(e->by_default) : default_of_conf(host);
	case BY_GRUB:
		return default_of_grub(host);
	default:
		return NULL;
	}
}

static void mark_default(
	const struct host *host, const struct evidence *e, struct boot_entries *boots)
{
	autofree char *name = default_name(host, e);
	struct boot_entry *found = NULL;

	for (size_t i = 0; name && i < boots->n; i++) {
		struct boot_entry *entry = &boots->list[i];
		autofree char *file = text_printf("%s.conf", entry->id);

		if (fnmatch(name, file, FNM_CASEFOLD) != 0 &&
			fnmatch(name, entry->id, FNM_CASEFOLD) != 0)
			continue;
		if (found)
			return; /* the loader's order would tell */
		found = entry;
	}
	if (found)
		found->is_default = true;
}

static bool all_rescue(const struct boot_entries *boots)
{
	for (size_t i = 0; i < boots->n; i++)
		if (boots->list[i].is_linux && !boots->list[i].rescue)
			return false;
	return true;
}

static bool boots_this(const struct boot_entry *entry, const char *root, bool rescue)
{
	const char *other = kargs_value(entry->kargs, "root");

	return entry->is_linux && entry->kargs && (rescue || !entry->rescue) &&
	       (!root || !other || streq(root, other));
}

/* "$kernelopts" of RHEL 8's entries is in the words of the row; what GRUB puts in for
 * other variables is not known. */
static void expand(
	const struct host *host, const struct evidence *e, struct boot_entry *entry)
{
	autostrv char **old = TAKE(entry->kargs), **row = NULL;
	struct err err;

	if (strv_has(old, "$kernelopts") && loader_kargs(host, e, true, &row, &err) == 0)
		strv_foreach (word, row)
			strv_add(&entry->kargs, word);
	strv_foreach (word, old)
		if (word[0] != '$')
			strv_add(&entry->kargs, word);
}

void loader_boots(
	const struct host *host, const struct evidence *e, struct boot_entries *ret)
{
	autostrv char **running = kargs_split(host->cmdline ?: "");
	const char *root = kargs_value(running, "root");
	bool rescue;
	size_t n = 0;

	*ret = (struct boot_entries){ 0 };
	if (!e || !e->loader->entries)
		return;
	e->loader->entries(host, e, ret);
	rescue = all_rescue(ret);
	for (size_t i = 0; i < ret->n; i++)
		if (boots_this(&ret->list[i], root, rescue))
			ret->list[n++] = ret->list[i];
		else
			boot_entry_done(&ret->list[i]);
	ret->n = n;
	for (size_t i = 0; i < ret->n; i++)
		expand(host, e, &ret->list[i]);
	mark_default(host, e, ret);
}

const struct boot_entry *boots_default(const struct boot_entries *boots)
{
	for (size_t i = 0; i < boots->n; i++)
		if (boots->list[i].is_default)
			return &boots->list[i];
	return NULL;
}

bool boots_any(const struct boot_entries *boots, const char *word)
{
	for (size_t i = 0; i < boots->n; i++)
		if (strv_has(boots->list[i].kargs, word))
			return true;
	return false;
}

bool boots_all(const struct boot_entries *boots, const char *word)
{
	for (size_t i = 0; i < boots->n; i++)
		if (!strv_has(boots->list[i].kargs, word))
			return false;
	return boots->n;
}

int loader_next_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	CLEANUP(boot_entries_done) struct boot_entries boots = { 0 };
	const struct boot_entry *one;
	autostrv char **list = NULL;
	int r = loader_kargs(host, e, with_ours, &list, err);

	if (r < 0)
		return r;
	loader_boots(host, e, &boots);
	one = boots_default(&boots) ?: boots.list;
	if (one && boots.n) {
		strv_free(list);
		list = strv_copy(one->kargs);
	}
	for (size_t i = 0; i < boots.n && !boots_default(&boots); i++)
		kargs_common(list, boots.list[i].kargs);
	if (one && boots.n && !with_ours)
		kargs_without(list, host->claims.added);
	*ret = TAKE(list);
	return 0;
}

int loader_any_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	CLEANUP(boot_entries_done) struct boot_entries boots = { 0 };
	int r = loader_kargs(host, e, with_ours, ret, err);

	if (r < 0)
		return r;
	loader_boots(host, e, &boots);
	for (size_t i = 0; i < boots.n; i++) {
		if (!with_ours)
			kargs_without(boots.list[i].kargs, host->claims.added);
		strv_foreach (word, boots.list[i].kargs)
			strv_add_new(ret, word);
	}
	return 0;
}
