// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/changes.h"
#include "backup/diff.h"
#include "core/base/strv.h"

void changes_text_done(struct changes_text *t)
{
	styled_done(&t->text);
	free(t->files);
	*t = (struct changes_text){ 0 };
}

static const struct {
	const char *start;
	enum role role;
} diff_roles[] = {
	{ "---", ROLE_DIM }, { "+++", ROLE_DIM }, { "@@", ROLE_HUNK },
	{ "+", ROLE_ADDED }, { "-", ROLE_REMOVED },
	{ "\\", ROLE_DIM }, /* "\ No newline at end of file" */
};

static enum role role_of_line(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(diff_roles); i++)
		if (after_prefix(line, diff_roles[i].start))
			return diff_roles[i].role;
	return ROLE_TEXT;
}

static void add_diff(struct styled *t, char *diff)
{
	char *line;

	while ((line = strsep(&diff, "\n"))) {
		if (!diff && !*line) /* what follows the last newline */
			return;
		styled_column(t, 1);
		styled_add(t, role_of_line(line), line);
		styled_end_exact(t, 3);
	}
}

static const char *kind_of(const struct change *c)
{
	return !c->before ? "new file" : !c->after ? "removed" : "changed";
}

int changes_text_add(
	struct changes_text *t, const struct change *changes, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct change *c = &changes[i];
		autofree char *diff = NULL;
		int r = diff_text(c, &diff, err);

		if (r < 0)
			return r;
		GROW(t->files, t->n_files);
		styled_heading(&t->text, c->path);
		t->files[t->n_files++] = t->text.n - 1;
		styled_column(&t->text, 1);
		styled_add(&t->text, ROLE_DIM, kind_of(c));
		if (c->after)
			styled_addf(&t->text, ROLE_DIM, ", mode %04o", (unsigned)c->mode);
		styled_addf(&t->text, ROLE_DIM, ": %s", c->why);
		styled_end(&t->text, 1);
		add_diff(&t->text, diff);
	}
	return 0;
}

void command_add(struct styled *t, enum role role, const struct command *c)
{
	bool first = true;

	strv_foreach (word, c->argv) {
		styled_addf(t, role, "%s%s", first ? "" : " ", word);
		first = false;
	}
}

void changes_text_commands(
	struct changes_text *t, const struct command *commands, size_t n)
{
	styled_heading(&t->text, n ? "Commands, in this order" : "No command has to run");
	for (size_t i = 0; i < n; i++) {
		styled_column(&t->text, 3);
		command_add(&t->text, ROLE_STRONG, &commands[i]);
		styled_end_exact(&t->text, 5);
		styled_line(&t->text, ROLE_DIM, 5, commands[i].why);
	}
}

void changes_text_paths(struct styled *t, const char *title, char *const *paths)
{
	if (paths)
		styled_heading(t, title);
	strv_foreach (path, paths)
		styled_line(t, ROLE_STRONG, 3, path);
}

void changes_text_jump(const struct changes_text *t, struct pager *p, int step, int width)
{
	for (size_t i = 0; i < t->n_files; i++) {
		size_t file = step > 0 ? i : t->n_files - 1 - i;
		int row = styled_rows(&t->text, t->files[file], width);

		if (step > 0 ? row > p->top : row < p->top) {
			p->top = row;
			return;
		}
	}
}

void changes_text_moves(struct styled *t, const struct move *moves, size_t n)
{
	if (n)
		styled_heading(t, "Now, without a reboot");
	for (size_t i = 0; i < n; i++) {
		const struct move *m = &moves[i];

		styled_column(t, 3);
		styled_add(t, ROLE_STRONG, m->address);
		styled_column(t, 18);
		styled_addf(t, ROLE_TEXT, "%s -> ", m->before ?: "no driver");
		styled_add(t, streq_null(m->after, "vfio-pci") ? ROLE_PASSED : ROLE_TEXT,
			m->after ?: "no driver");
		styled_add(t, ROLE_TEXT, m->vfs ? " virtual functions" : "");
		styled_end(t, 18);
	}
}
