// SPDX-License-Identifier: GPL-2.0-or-later
/* The user's lists of modules: lines there that do not do what they look like. */
#include "core/existing/lists.h"
#include "core/base/strv.h"
#include "core/format/array.h"
#include "core/format/commas.h"
#include "core/format/modlist.h"
#include "core/format/shell.h"
#include "core/host/module.h"
#include "core/existing/existing.h"

void existing_watch_lists(struct watches *watches)
{
	static const struct watched files[] = {
		{ .path = "/etc/initramfs-tools/modules" },
		{ .path = "/etc/modules" },
		{ .path = "/etc/modules-load.d/", .suffix = ".conf" },
		{ 0 },
	};

	watch(watches, files);
}

/* Which files are lists of modules; those that systemd reads hold names only. Debian has
 * /etc/modules in modules-load.d as a link. */
static bool is_list(const struct file *f, bool *ret_systemd)
{
	if (f->link)
		return *ret_systemd = false;
	*ret_systemd =
		streq(f->path, "/etc/modules") || strstr(f->path, "/modules-load.d/");
	return *ret_systemd || streq(f->path, "/etc/initramfs-tools/modules");
}

static bool is_command(const char *word)
{
	static const char *const commands[] = { "options", "softdep", "alias",
		"blacklist", "install", "remove" };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (streq(word, commands[i]))
			return true;
	return false;
}

/* Whether no kernel here has the module; false where none is known. */
static bool is_gone(const struct draft *draft, const char *module)
{
	bool known = false;

	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		struct module_index *modules = draft->host->kernels[i].modules;

		known |= modules != NULL;
		if (modules && module_place(modules, module) != MODULE_MISSING)
			return false;
	}
	return known;
}

/* What becomes of a line that does nothing. */
static const char *fate(const struct draft *draft)
{
	return draft->request->clean ? "It is taken out." : "It is left as it is.";
}

/* Whether the line does nothing. */
static bool tell_line(struct draft *draft, const struct modprobe_line *l, bool systemd)
{
	const char *word = l->tokens[0];

	if (is_command(word) && l->tokens[1]) {
		draft_finding(draft, FINDING_INFO, FOUND_MISPLACED, NULL,
			"%s:%zu: a line of \"%s\" has no effect here, where modules are listed: its place is a file of /etc/modprobe.d. %s",
			l->path, l->line, word, fate(draft));
		return true;
	}
	if (module_name_equal(word, "vfio-virqfd") && is_gone(draft, "vfio_virqfd")) {
		draft_finding(draft, FINDING_INFO, FOUND_FOLKLORE, NULL,
			"%s:%zu: %s does nothing: no kernel here has that module, it is a part of vfio since Linux 6.2. %s",
			l->path, l->line, word, fate(draft));
		return true;
	}
	if (systemd && after_prefix(word, "vfio") && l->tokens[1])
		draft_finding(draft, FINDING_WARNING, FOUND_MODULE_ARGUMENTS, NULL,
			"%s:%zu: systemd loads no module from a line with arguments: options go into a file of /etc/modprobe.d.",
			l->path, l->line);
	return false;
}

static void tell_list(struct draft *draft, const struct file *f, bool systemd)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	autofree char *text = f->text ? xstrdup(f->text) : NULL;

	module_list_read(f->path, f->text, &lines);
	for (size_t i = lines.n; i-- > 0;) /* from the end: numbers stay right */
		if (tell_line(draft, &lines.list[i], systemd) && draft->request->clean)
			module_list_drop(text, lines.list[i].line);
	draft_change(draft, f->path, text, "lines that do nothing go");
}

/* -- lists of initramfs generators -----------------------------------------------------
 */

static char **read_bash(const char *text, const char *name)
{
	CLEANUP(array_done) struct array array = { 0 };

	array_source(text, name, &array);
	return TAKE(array.tokens);
}

static char **read_shell(const char *text, const char *name)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const struct shell_var *var = NULL;

	if (text && shell_source(&vars, "", text, NULL) == 0)
		var = shell_get(&vars, name);
	return var ? strv_split(var->value, " \t\n") : NULL;
}

static char **read_yaml(const char *text, const char *name)
{
	char **names = NULL;

	return commas_read(text, name, &names) > 0 ? names : NULL;
}

/* Which variables of which files are lists of modules for images. */
static const struct {
	const char *begin; /* of the path */
	const char *name;
	char **(*read)(const char *text, const char *name);
} generator_lists[] = {
	{ "/etc/mkinitcpio.conf", "MODULES", read_bash }, /* and its directory */
	{ "/etc/dracut.conf", "add_drivers", read_shell },
	{ "/etc/dracut.conf", "force_drivers", read_shell },
	{ "/etc/booster.yaml", "modules", read_yaml },
	{ "/etc/booster.yaml", "modules_force_load", read_yaml },
};

#define GONE_MODULE "vfio_virqfd"

static bool is_word_end(char c)
{
	return !c || strchr(" \t\r\n\"'(),", c);
}

/* Takes the name out wherever it stands as a word, but in comments; the line of the
 * first, 0 for none. */
static size_t drop_name(char *text, const char *name)
{
	size_t number = 1, first = 0, len = strlen(name);
	bool comment = false;

	for (char *s = text; *s; s++) {
		bool begins = s == text || strchr(" \t\n\"'(,", s[-1]);

		number += *s == '\n';
		comment = *s == '\n' ? false : comment || (*s == '#' && begins);
		if (comment || !begins || strncmp(s, name, len) != 0 ||
			!is_word_end(s[len]))
			continue;
		first = first ?: number;
		/* With what parts it from the next one, or else from the last one. */
		if (s[len] && strchr(" \t,", s[len]))
			len++;
		else if (s > text && strchr(" \t,", s[-1]) && s - 1 > text &&
			 s[-2] != ':')
			s--, len++;
		memmove(s, s + len, strlen(s + len) + 1);
		len = strlen(name);
		s -= s > text;
		if (!*s)
			break;
	}
	return first;
}

/* Whether all lists of the file are as before, but for that name. */
static bool are_without(const char *path, const char *before, const char *after)
{
	for (size_t i = 0; i < ARRAY_SIZE(generator_lists); i++) {
		autostrv char **old = NULL, **new = NULL, **want = NULL;

		if (!after_prefix(path, generator_lists[i].begin))
			continue;
		old = generator_lists[i].read(before, generator_lists[i].name);
		new = generator_lists[i].read(after, generator_lists[i].name);
		strv_foreach (word, old)
			if (!module_name_equal(word, GONE_MODULE))
				strv_add(&want, word);
		if (strv_len(want) != strv_len(new) || !strv_equal(want, new))
			return false;
	}
	return true;
}

static bool names_gone(const struct file *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(generator_lists); i++) {
		autostrv char **names = NULL;

		if (!after_prefix(f->path, generator_lists[i].begin))
			continue;
		names = generator_lists[i].read(f->text, generator_lists[i].name);
		strv_foreach (name, names)
			if (module_name_equal(name, GONE_MODULE))
				return true;
	}
	return false;
}

/* Such a name makes mkinitcpio end with an error, dracut drop what comes after it, and
 * booster make no image. */
static void tell_generator_list(struct draft *draft, const struct file *f)
{
	autofree char *text = xstrdup(f->text);
	size_t line = drop_name(text, GONE_MODULE);
	size_t other = drop_name(text, "vfio-virqfd");
	bool can = are_without(f->path, f->text, text);

	if (!line || (other && other < line))
		line = other;

	draft_finding(draft, FINDING_INFO, FOUND_FOLKLORE, NULL,
		"%s:%zu: " GONE_MODULE
		" does nothing: no kernel here has that module, it is a part of vfio since Linux 6.2. %s",
		f->path, line,
		!draft->request->clean ? "It is left as it is."
		: can		       ? "It is taken out."
				       : "Take it out by hand.");
	if (draft->request->clean && can)
		draft_change(draft, f->path, text, "lines that do nothing go");
}

void existing_tell_lists(struct draft *draft)
{
	for (size_t i = 0; i < draft->host->n_files; i++) {
		const struct file *f = &draft->host->files[i];

		if (f->text && !f->link && path_is_users(f->path) && names_gone(f) &&
			is_gone(draft, GONE_MODULE))
			tell_generator_list(draft, f);
	}
	for (size_t i = 0; i < draft->host->n_files; i++) {
		const struct file *f = &draft->host->files[i];
		bool systemd;

		if (is_list(f, &systemd) && path_is_users(f->path))
			tell_list(draft, f, systemd);
	}
}
