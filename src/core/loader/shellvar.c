// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Command lines in a variable that a script sources: GRUB's, u-boot-menu's. Ours go into
 * a drop-in of our own where the script reads a directory, else into its main file.
 */
#include "core/loader/shellvar.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/assign.h"
#include "core/format/shell.h"
#include "core/loader/loader.h"

/* grub-mkconfig is a script of 10 KiB. */
#define SCRIPT_MAX ((size_t)1 << 20)

bool shellvar_detect(const struct probe *p, struct evidence *e)
{
	const struct loader_variable *v = e->loader->variable;
	autofree char *script = NULL, *dir = NULL;

	if (!v->dir || root_read(p->root, v->script, SCRIPT_MAX, &script, NULL) < 0)
		return true;
	/* It may have another name for /etc. */
	dir = xstrndup(v->dir + strlen("/etc/"), strlen(v->dir) - strlen("/etc//"));
	e->dropins = strstr(script, dir);
	return true;
}

static int source_file(const struct file *f, struct shell_vars *vars, struct err *err)
{
	if (f->problem)
		return err_set(err, -EIO, "%s", f->problem);
	return f->text ? shell_source(vars, f->path, f->text, err) : 0;
}

/* Sources what the script would; ours takes part with this text, NULL: not at all. */
static int source_all(const struct host *host, const struct evidence *e, const char *ours,
	struct shell_vars *vars, struct err *err)
{
	const struct loader_variable *v = e->loader->variable;
	int r = source_file(host_file(host, v->main), vars, err);
	bool done = !ours;

	/* The scan has them by name; ours may be at its head, for it is always looked
	 * for. */
	for (size_t i = 0; r == 0 && e->dropins && i < host->n_files; i++) {
		const struct file *f = &host->files[i];

		if (!after_prefix(f->path, v->dir) || streq(f->path, v->dropin))
			continue;
		if (!done && strcmp(f->path, v->dropin) > 0) {
			done = true;
			r = shell_source(vars, v->dropin, ours, err);
		}
		if (r == 0)
			r = source_file(f, vars, err);
	}
	return r == 0 && !done ? shell_source(vars, v->dropin, ours, err) : r;
}

static int words_of(const struct host *host, const struct evidence *e, const char *ours,
	char ***ret, struct err *err)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const struct loader_variable *v = e->loader->variable;
	const struct shell_var *all, *name;
	autofree char *line = NULL;
	int r = source_all(host, e, ours, &vars, err);

	if (r == 0)
		r = shell_check(&vars, v->name, err);
	if (r < 0)
		return r;
	all = v->all ? shell_get(&vars, v->all) : NULL;
	name = shell_get(&vars, v->name);
	line = text_printf("%s %s", all ? all->value : "",
		name ? name->value : v->unset ?: "");
	*ret = kargs_split(line);
	return 0;
}

int shellvar_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	const char *dropin = host_text(host, e->loader->variable->dropin);
	int r = words_of(host, e, with_ours ? dropin : NULL, ret, err);

	if (r == 0 && !with_ours)
		kargs_without(*ret, host->claims.added);
	return r;
}

/* A later drop-in that sets the variable anew would silently drop our words. */
static void shellvar_check_survival(struct draft *draft, const struct evidence *e,
	char *const *wanted, const char *text)
{
	const struct loader_variable *v = e->loader->variable;
	autostrv char **have = NULL;
	struct err err;

	if (words_of(draft->host, e, text, &have, &err) < 0) {
		draft_finding(
			draft, FINDING_REFUSAL, FOUND_GRUB_CONFIG, NULL, "%s", err.text);
		return;
	}
	strv_foreach (word, wanted)
		if (!strv_has(have, word)) {
			draft_finding(draft, FINDING_REFUSAL, FOUND_GRUB_CONFIG, NULL,
				"A file in %s that is read after ours sets %s without keeping what it was, so %s would get lost: let it keep $%s.",
				v->dir, v->name, word, v->name);
			return;
		}
}

/* The drop-in's text: the words on top of what the variable is, or of what the script
 * takes where nothing sets it. */
static int dropin_text(struct draft *draft, const struct evidence *e, char *const *wanted,
	char **ret, struct err *err)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const struct loader_variable *v = e->loader->variable;
	autofree char *joined = NULL;
	const char *unset = NULL;
	int r = source_all(draft->host, e, NULL, &vars, err);

	if (r == 0)
		r = shell_check(&vars, v->name, err);
	if (r < 0)
		return r;
	if (!shell_get(&vars, v->name))
		unset = v->unset;
	joined = strv_join(wanted, " ");
	*ret = text_printf("# Made by pciferry(8) from " CLAIMS_PATH
			   "; changes here are lost.\n%s%s=\"%s%s %s\"\n",
		v->note ?: "", v->name, unset ? "" : "$", unset ?: v->name, joined);
	return 0;
}

static void set_dropin(struct draft *draft, const struct evidence *e, char *const *wanted)
{
	const struct loader_variable *v = e->loader->variable;
	autofree char *text = NULL;
	struct err err;

	if (!wanted) {
		draft_change(draft, v->dropin, NULL, "no words are needed any more");
		return;
	}
	if (dropin_text(draft, e, wanted, &text, &err) < 0) {
		draft_finding(
			draft, FINDING_REFUSAL, FOUND_GRUB_CONFIG, NULL, "%s", err.text);
		return;
	}
	shellvar_check_survival(draft, e, wanted, text);
	draft_change(draft, v->dropin, text, "kernel command line of the normal entries");
}

void shellvar_edit_file(struct draft *draft, const char *path, const char *name,
	const char *unset, char *const *wanted)
{
	const struct file *f = host_file(draft->host, path);
	autofree char *after = NULL;
	struct err err;

	if (f->problem) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNREADABLE_CONFIG, NULL, "%s",
			f->problem);
		return;
	}
	if (shell_set(path, f->text, name, unset, draft->host->claims.added, wanted,
		    &after, &err) < 0) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNREADABLE_CONFIG, NULL, "%s",
			err.text);
		return;
	}
	draft_change(draft, path, after,
		wanted ? "kernel command line of the normal entries"
		       : "the words are not needed any more");
}

void shellvar_edit(struct draft *draft, const struct evidence *e, char *const *wanted)
{
	const struct loader_variable *v = e->loader->variable;

	if (e->dropins) {
		set_dropin(draft, e, wanted);
		return;
	}
	draft->plan->claims.added = strv_copy(wanted);
	shellvar_edit_file(draft, v->main, v->name, v->unset, wanted);
}
