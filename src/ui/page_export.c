// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices as a hypervisor wants them: a text to read, and to save. */
#include "core/export/export.h"
#include "ui/page_export.h"
#include "ui/session.h"
#include "ui/prompt.h"
#include "backup/save.h"
#include "core/export/formats.h"

struct state {
	struct export e;
	size_t format; /* of export_table */
	char *plain; /* as it is saved */
	struct styled text;
	struct pager pager;
};

static void export_leave(void *state)
{
	struct state *s = state;

	export_done(&s->e);
	styled_done(&s->text);
	free(s->plain);
}

static void add_lines(struct styled *t, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		styled_column(t, 3);
		styled_addf(t, ROLE_TEXT, "%.*s", (int)n, text);
		styled_end_exact(t, 3);
		text += n + (text[n] == '\n');
	}
}

static void export_fill(struct state *s)
{
	const struct export_format *format = export_table[s->format];

	free(TAKE(s->plain));
	styled_done(&s->text);
	s->pager = (struct pager){ 0 };
	s->plain = export_text(format, &s->e);
	styled_addf(&s->text, ROLE_HEADING, " %s: %s", format->name, format->summary);
	styled_end(&s->text, 1);
	styled_end(&s->text, 0);
	add_lines(&s->text, s->plain);
}

static int add_applied(const struct host *host, const struct plan *plan, struct state *s,
	struct err *err)
{
	int r = 0;

	s->e.claims = &plan->claims;
	for (size_t i = 0; r == 0 && i < plan->n_chosen; i++) {
		const struct device *d = host_device(host, plan->chosen[i].address);

		r = d ? export_add(&s->e, d, true, err) : 0;
	}
	return r;
}

static int export_enter(struct wizard *w, void *state, const void *arg, struct err *err)
{
	const struct export_arg *what = arg;
	struct state *s = state;
	int r;

	s->e.p = (struct probe){ w->root, w->host };
	if (what->plan)
		r = add_applied(w->host, what->plan, s, err);
	else if (what->device)
		r = export_add(&s->e, what->device, false, err);
	else
		r = err_set(err, -ENOENT, "Go to a device, or a group with one.");
	if (r == 0)
		export_fill(s);
	return r;
}

static void on_format(struct state *s)
{
	s->format = export_table[s->format + 1] ? s->format + 1 : 0;
	export_fill(s);
}

static void on_save(struct wizard *w, struct state *s)
{
	char path[PROMPT_SIZE];
	struct err err;

	if (!ask_line(w, "Save as (a path from /):", path))
		return;
	if (backup_save_text(w->root, path, s->plain, &err) < 0)
		wizard_say(w, ROLE_BAD, "%s", err.text);
	else
		wizard_say(w, ROLE_GOOD, "Saved as %s%s.", root_shown(w->root), path);
}

static void export_key(struct wizard *w, void *state, enum action action)
{
	struct state *s = state;

	if (pager_move(&s->pager, action))
		return;
	if (action == ACTION_FORMAT)
		on_format(s);
	else if (action == ACTION_SAVE)
		on_save(w, s);
}

static void export_draw(struct wizard *w, void *state, struct area body)
{
	struct state *s = state;

	pager_draw(&s->pager, &s->text, body);
	(void)pager_position(&s->pager, w->position);
}

const struct page page_export = {
	.title = "For a virtual machine",
	.keys = KEYS_EXPORT,
	.state_size = sizeof(struct state),
	.enter = export_enter,
	.draw = export_draw,
	.key = export_key,
	.leave = export_leave,
};
