// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/frame.h"
#include "core/base/text.h"
#include "ui/cell.h"
#include "ui/set_words.h"
#include "backup/set.h"

#include <stdarg.h>

#define MESSAGE_ROWS 4
/* From so many columns on, all steps of the way are shown, else only where we are. */
#define TRAIL_W 72
#define SUMMARY_WIDE 110 /* columns from which a set's date is shown */

/* Pages that are no step of a way: the header shows their title alone. */
#define ASIDE (KEYS_CHECK | KEYS_HISTORY | KEYS_VERIFY | KEYS_RESUME)

/* The ways through the wizard, step by step. */
static const struct step {
	const char *word;
	unsigned pages;
} way_steps[][6] = {
	[WAY_APPLY] = {
		{ "Choose", KEYS_TREE | KEYS_DETAILS },
		{ "Plan", KEYS_PLAN },
		{ "Review", KEYS_DIFF },
		{ "Apply", KEYS_APPLY },
		{ "Next", KEYS_NEXT },
		{ 0 },
	},
	[WAY_UNDO] = {
		{ "Undo", KEYS_UNDO },
		{ "Put back", KEYS_APPLY },
		{ "Next", KEYS_NEXT },
		{ 0 },
	},
	[WAY_REDO] = {
		{ "Redo", KEYS_UNDO },
		{ "Do again", KEYS_APPLY },
		{ "Next", KEYS_NEXT },
		{ 0 },
	},
};

/* Whose step is shown: help lies over another page. */
static const struct frame *step_frame(const struct wizard *w)
{
	const struct frame *f = &w->stack[w->depth - 1];

	return f->page == &page_help && w->depth > 1 ? f - 1 : f;
}

static int draw_steps(const struct wizard *w, int x, int width)
{
	const struct frame *f = step_frame(w);
	const struct page *page = f->page;
	const struct step aside[] = { { page->title, page->keys }, { 0 } };
	const struct step *steps =
		page->keys & ASIDE
			? aside
			: way_steps[page->way ? page->way(f->state) : WAY_APPLY];

	for (size_t i = 0; steps[i].word; i++) {
		const char *word = steps[i].word;
		bool here = page->keys & steps[i].pages;

		if (!here && width < TRAIL_W)
			continue;
		if (i && width >= TRAIL_W)
			x += term_text(0, x, width - x, ROLE_DIM, " · ");
		if (here)
			x += term_text(0, x, width - x, ROLE_STRONG, "[");
		x += term_text(0, x, width - x, here ? ROLE_STRONG : ROLE_DIM, word);
		if (here)
			x += term_text(0, x, width - x, ROLE_STRONG, "]");
	}
	return x;
}

/* Which host this is about: there may be several roots around. */
static void draw_root(const struct wizard *w, int left, int width)
{
	static const char *const kinds[] = {
		[ROOT_LIVE] = "this host",
		[ROOT_OFFLINE] = "the host under ",
		[ROOT_SAMPLE] = "sample host",
	};
	enum root_kind kind = root_kind(w->root);
	autofree char *shown = text_escape(root_shown(w->root)),
		      *s = text_printf(
			      "%s%s", kinds[kind], kind == ROOT_OFFLINE ? shown : "");
	int n = cell_width(s);

	if (n > width - left - 3)
		n = width - left - 3;
	(void)term_text(
		0, width - n - 1, n, kind == ROOT_LIVE ? ROLE_STRONG : ROLE_HEADING, s);
}

static const struct {
	const char *text;
	enum role role;
} iommu_words[] = {
	[IOMMU_ACTIVE] = { "IOMMU on", ROLE_GOOD },
	[IOMMU_OFF] = { "IOMMU off in this boot", ROLE_WARN },
	[IOMMU_ABSENT] = { "no IOMMU found", ROLE_BAD },
	[IOMMU_UNKNOWN] = { "IOMMU not known", ROLE_WARN },
};

/* The newest set. NULL once another may have been written, which the list does not have
 * before the next scan. */
static const struct set *last_set(const struct wizard *w)
{
	return w->sets.n && !w->stale ? &w->sets.list[w->sets.n - 1] : NULL;
}

/* The second row: pieces with a dot between. One that does not fit is left out. */
struct summary {
	int x, width;
};

static void piece(struct summary *s, enum role role, const char *fmt, ...) PRINTF(3, 4);
static void piece(struct summary *s, enum role role, const char *fmt, ...)
{
	bool first = s->x == 1;
	char text[160];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (s->x + cell_width(text) + (first ? 0 : 3) > s->width)
		return;
	if (!first)
		s->x += term_text(1, s->x, s->width - s->x, ROLE_DIM, " · ");
	s->x += term_text(1, s->x, s->width - s->x, role, text);
}

static void piece_set(struct summary *s, const struct set *set)
{
	static const char *const done[] = {
		[SET_APPLIES] = "applied",
		[SET_UNDOES] = "undone",
		[SET_REDOES] = "done again",
	};
	bool applied = set->state == SET_APPLIED;
	const char *id = applied ? set->origin : set->id;
	const char *word =
		applied ? done[set_deed(set)] : set_state_to_string(set->state);
	char when[32] = "";

	if (s->width >= SUMMARY_WIDE)
		time_show(set->time, when, sizeof(when));
	piece(s, ROLE_TEXT, "set %.8s %s%s%s", id, word, when[0] ? " " : "", when);
}

static const struct {
	const char *text, *hint; /* the hint where its key means something */
	enum role role;
} expectations[] = {
	[EXPECTATION_NONE] = { NULL, NULL, ROLE_TEXT },
	[EXPECTATION_UNKNOWN] = { NULL, NULL, ROLE_TEXT },
	[EXPECTATION_PENDING] = { "reboot pending", NULL, ROLE_WARN },
	[EXPECTATION_MET] = { "verified", NULL, ROLE_GOOD },
	[EXPECTATION_UNMET] = { "not as promised", ": press v", ROLE_BAD },
	[EXPECTATION_STEP] = { "step two waits", ": press Enter", ROLE_WARN },
};

static void piece_expectation(struct summary *s, const struct wizard *w)
{
	const char *text = expectations[w->expectation].text,
		   *hint = expectations[w->expectation].hint;
	unsigned page = w->stack[w->depth - 1].page->keys;

	if (text)
		piece(s, expectations[w->expectation].role, "%s%s", text,
			hint && key_action(page, 'v') == ACTION_VERIFY ? hint : "");
}

static void draw_summary(const struct wizard *w, int width)
{
	const struct host *host = w->host;
	const struct set *set = last_set(w);
	struct summary s = { .x = 1, .width = width - 1 };
	autofree char *release = text_escape(host->running ?: "not known");
	size_t groups = host->n_groups;

	if (groups && host->groups[groups - 1].number < 0)
		groups--;
	if (set && set_unfinished(set))
		piece(&s, ROLE_BAD, "set %.8s was cut short: u puts it back", set->id);
	if (w->expectation ==
		EXPECTATION_UNMET) /* first: a narrow screen has no room for more */
		piece_expectation(&s, w);
	piece(&s, iommu_words[host->iommu].role, "%s", iommu_words[host->iommu].text);
	piece(&s, wizard_n_chosen(w) ? ROLE_CHOSEN : ROLE_TEXT, "%zu chosen",
		wizard_n_chosen(w));
	if (set && !set_unfinished(set))
		piece_set(&s, set);
	if (w->expectation != EXPECTATION_UNMET)
		piece_expectation(&s, w);
	piece(&s, ROLE_TEXT, "kernel %.60s", release);
	piece(&s, ROLE_TEXT, "%zu group%s, %zu device%s", PLURAL(groups),
		PLURAL(host->n_devices));
}

/* The first of its names: "?" of "?, F1". */
static int name_width(const struct key_row *row)
{
	return (int)strcspn(row->name, ",");
}

static int label_width(const struct key_row *row)
{
	return name_width(row) + 1 + (int)strlen(row->label) + 2;
}

static int draw_label(const struct key_row *row, int y, int x, int width)
{
	char name[16];

	(void)snprintf(name, sizeof(name), "%.*s", name_width(row), row->name);
	x += term_text(y, x, width - x, ROLE_KEY, name);
	x += term_text(y, x, width - x, ROLE_TEXT, " ");
	x += term_text(y, x, width - x, ROLE_TEXT, row->label);
	return x + 2;
}

/* Keys that every page has stand on the right; of the others, as many as fit. */
static void draw_footer(const struct wizard *w, int y, int width)
{
	unsigned page = w->stack[w->depth - 1].page->keys;
	int right = width - 1, x = 1;

	for (size_t i = n_key_rows; i-- > 0;) {
		const struct key_row *row = &key_rows[i];

		if (!row->label || !(row->pages & page) ||
			(row->action != ACTION_HELP && row->action != ACTION_QUIT &&
				row->action != ACTION_BACK))
			continue;
		right -= label_width(row);
		(void)draw_label(row, y, right + 2, width);
	}
	for (size_t i = 0; i < n_key_rows; i++) {
		const struct key_row *row = &key_rows[i];

		if (!row->label || !(row->pages & page) || row->action >= ACTION_BACK ||
			!wizard_offers(w, row->action) || x + label_width(row) > right)
			continue;
		x = draw_label(row, y, x, right);
	}
}

static struct area frame_draw(struct wizard *w)
{
	struct area size = term_size();

	(void)term_text(0, 1, 8, ROLE_HEADING, "pciferry");
	draw_root(w, draw_steps(w, 12, size.w), size.w);
	draw_summary(w, size.w);
	term_fill(2, 0, size.w, ROLE_RULE, "─");
	draw_footer(w, size.h - 1, size.w);
	return (struct area){ .y = 3, .x = 0, .h = size.h - 5, .w = size.w };
}

static void frame_draw_message(struct wizard *w)
{
	struct area size = term_size();
	autostyled struct styled t = { 0 };
	int y = size.h - 2, n = cell_width(w->position), rows;

	if (n)
		(void)term_text(y, size.w - n - 1, n, ROLE_DIM, w->position);
	if (!w->message)
		return;
	styled_add(&t, w->message_role, w->message);
	styled_end(&t, 0);
	if (cell_width(w->message) > size.w - n - 4) {
		rows = styled_rows(&t, t.n, size.w - 2);
		rows = rows > MESSAGE_ROWS ? MESSAGE_ROWS : rows;
		term_blank((struct area){ y - rows + 1, 0, rows, size.w });
		styled_draw(&t, (struct area){ y - rows + 1, 1, rows, size.w - 2 }, 0);
		return;
	}
	styled_draw(&t, (struct area){ y, 1, 1, size.w - n - 3 }, 0);
}

static void frame_draw_too_small(void)
{
	struct area size = term_size();
	autostyled struct styled t = { 0 };

	styled_addf(&t, ROLE_TEXT,
		"pciferry needs a terminal of at least %dx%d; this is %dx%d. q quits.",
		SCREEN_MIN_W, SCREEN_MIN_H, size.w, size.h);
	styled_end(&t, 0);
	styled_draw(&t, size, 0);
}

/* -- all of it -------------------------------------------------------------------- */

bool frame_fits(void)
{
	struct area size = term_size();

	return size.w >= SCREEN_MIN_W && size.h >= SCREEN_MIN_H;
}

void frame_paint(struct wizard *w)
{
	const struct frame *f = &w->stack[w->depth - 1];
	struct area body, size = term_size();

	term_erase();
	w->position[0] = '\0';
	w->cursor_y = size.h - 1;
	w->cursor_x = size.w - 1;
	if (!frame_fits()) {
		frame_draw_too_small();
		return;
	}
	body = frame_draw(w);
	f->page->draw(w, f->state, body);
	frame_draw_message(w);
}

void frame_show(struct wizard *w)
{
	frame_paint(w);
	term_show(w->cursor_y, w->cursor_x, false);
}
