// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/loader/unread.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/loader/inplace.h"
#include "core/loader/loaders.h"

/* Files of command lines that are no file or variable of their row. */
static const struct {
	const char *id, *path; /* of the row; a directory ends in / */
} others[] = {
	{ "limine-entry-tool", "/etc/default/limine" },
	{ "limine-entry-tool", "/etc/limine-entry-tool.d/" },
	{ "kernelstub", "/etc/kernelstub/configuration" },
	{ "unified-mkinitcpio", "/etc/cmdline.d/" },
};

void unread_done(struct unread *unread)
{
	for (size_t i = 0; i < unread->n; i++)
		free(unread->list[i].word);
	free(unread->list);
	*unread = (struct unread){ 0 };
}

static bool is_path(const struct file *f, const char *path)
{
	const char *rest = after_prefix(f->path, path);

	return rest && (has_suffix(path, "/") ? !strchr(rest, '/') : !*rest);
}

/* A menu that a loader of this kind reads, whoever writes it. */
static bool is_menu(const struct loader_file *lf)
{
	return lf->format && lf->format != &format_cmdline &&
	       lf->format != &format_first_line;
}

/* Whether the row's command lines stand in the file; *ret_menu: it is a menu. */
static bool row_has(
	const struct loader *row, const struct file *f, bool dropins, bool *ret_menu)
{
	const struct loader_variable *v = row->variable;

	*ret_menu = false;
	for (const struct loader_file *lf = row->files; lf && lf->path; lf++)
		if (is_path(f, lf->path)) {
			*ret_menu = is_menu(lf);
			return true;
		}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (streq(row->id, others[i].id) && is_path(f, others[i].path))
			return true;
	return v && (is_path(f, v->main) || (dropins && v->dir && is_path(f, v->dir)));
}

/* The loaders that read a menu beside those of the row: a unified image is an entry of
 * systemd-boot's. */
static bool reads_menu(const struct loader *row, const struct loader *other)
{
	return row->by == other->by || row->by == BY_UNKNOWN ||
	       (row->by == BY_STUB && other->by == BY_SYSTEMD_BOOT);
}

static bool is_read(const struct evidence *e, const struct file *f)
{
	const struct loader *row = e->loader;
	bool menu;

	if (row_has(row, f, e->dropins, &menu))
		return true;
	for (size_t i = 0; loader_table[i]; i++)
		if (row_has(loader_table[i], f, true, &menu) && menu &&
			reads_menu(row, loader_table[i]))
			return true;
	return row->artifact && streq(row->artifact, f->path);
}

static bool is_known(const struct file *f)
{
	bool menu;

	for (size_t i = 0; loader_table[i]; i++)
		if (row_has(loader_table[i], f, true, &menu))
			return true;
	return false;
}

/* Whether kernels get the word, or its value among others of that name. */
static bool is_had(char *const *has, const char *word)
{
	const char *value = strchr(word, '=');
	autofree char *name = xstrndup(word, strcspn(word, "="));

	return strv_has(has, word) || (value && kargs_value_has(has, name, value + 1));
}

/* dracut has its kernel_cmdline in the images, too, where its own words count. */
static bool is_dracuts(const struct file *f, const char *word)
{
	return after_prefix(f->path, "/etc/dracut.conf") && after_prefix(word, "rd.");
}

static void add_word(const struct file *f, size_t line, const char *word,
	char *const *has, struct unread *ret)
{
	if (!karg_matters(word) || !strchr(word, '=') || is_had(has, word) ||
		is_dracuts(f, word))
		return;
	for (size_t i = 0; i < ret->n; i++)
		if (streq(ret->list[i].word, word))
			return;
	GROW(ret->list, ret->n);
	ret->list[ret->n++] = (struct unread_word){
		.path = f->path, .line = line, .word = xstrdup(word)
	};
}

#define WORD_CHARACTERS                                                                  \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,:=+@/"

/* Of another root= than this boot's: another system's. */
static bool is_others(const char *line, const char *root)
{
	const char *at = strstr(line, "root=");
	size_t n = root ? strlen(root) : 0;

	return root && at &&
	       (strncmp(at + strlen("root="), root, n) != 0 ||
		       !strchr(" \t\"'\r", at[strlen("root=") + n]));
}

static void read_line(const struct file *f, const char *line, size_t number,
	const char *root, char *const *has, struct unread *ret)
{
	if (line[strspn(line, " \t")] == '#' || is_others(line, root))
		return;
	for (const char *s = line; *s; s++) {
		size_t n = strspn(s, WORD_CHARACTERS);
		const char *equals = memchr(s, '=', n);
		autofree char *word = xstrndup(s, n), *name = NULL;

		if (!n)
			continue;
		add_word(f, number, word, has, ret);
		/* NAME=WORD of a shell, without quotes. */
		if (equals && memchr(equals + 1, '=', n - (size_t)(equals + 1 - s))) {
			name = xstrndup(equals + 1, n - (size_t)(equals + 1 - s));
			add_word(f, number, name, has, ret);
		}
		s += n - 1;
	}
}

static void read_file(
	const struct file *f, const char *root, char *const *has, struct unread *ret)
{
	size_t number = 1;

	for (const char *line = f->text; *line;
		line += strcspn(line, "\n"), line += *line == '\n', number++) {
		autofree char *copy = xstrndup(line, strcspn(line, "\n"));

		read_line(f, copy, number, root, has, ret);
	}
}

/* The file that words would have to stand in. */
static const char *from_of(const struct host *host, const struct loader *row)
{
	for (const struct loader_file *lf = row->files; lf && lf->path; lf++)
		for (size_t i = 0; i < host->n_files; i++)
			if (host->files[i].text && is_path(&host->files[i], lf->path))
				return host->files[i].path;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (streq(row->id, others[i].id))
			return others[i].path;
	return row->variable ? row->variable->main : row->files ? row->files->path : NULL;
}

void unread_find(const struct host *host, const struct evidence *e, char *const *has,
	struct unread *ret)
{
	autostrv char **running = kargs_split(host->cmdline ?: "");
	const char *root = kargs_value(running, "root");

	*ret = (struct unread){ 0 };
	if (!e || e->loader->instruct || !e->loader->kargs)
		return;
	ret->title = e->loader->title;
	ret->from = from_of(host, e->loader);
	for (size_t i = 0; ret->from && i < host->n_files; i++) {
		const struct file *f = &host->files[i];

		if (f->text && is_known(f) && !is_read(e, f))
			read_file(f, root, has, ret);
	}
}

char *unread_sentence(const struct unread *unread, size_t i)
{
	return text_printf(
		"%s:%zu has %s, but %s boots this host from %s, and does not read that file.",
		unread->list[i].path, unread->list[i].line, unread->list[i].word,
		unread->title, unread->from);
}
