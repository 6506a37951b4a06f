// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/prompt.h"
#include "ui/cell.h"
#include "ui/frame.h"

/* The answer as it is typed: UTF-8, edited at its end. */
struct editor {
	char *text;
	size_t len;
};

static void editor_erase(struct editor *e)
{
	while (e->len && (e->text[--e->len] & 0xc0) == 0x80)
		;
	e->text[e->len] = '\0';
}

static void editor_add(struct editor *e, int key)
{
	char bytes[4];
	size_t n = cell_encode((wchar_t)key, bytes);

	if (key < ' ' || key == 0x7f || e->len + n >= PROMPT_SIZE)
		return;
	memcpy(e->text + e->len, bytes, n);
	e->len += n;
	e->text[e->len] = '\0';
}

enum driver_forecast { GOES_ON, ACCEPTED, LEFT };

static enum driver_forecast editor_key(struct editor *e, int key)
{
	switch (key) {
	case TERM_ENTER:
		return ACCEPTED;
	case TERM_ESCAPE:
	case TERM_END:
		return LEFT;
	case TERM_BACKSPACE:
		editor_erase(e);
		return GOES_ON;
	case 'U' - '@': /* ^U: the whole line, as in every shell */
		e->len = 0;
		e->text[0] = '\0';
		return GOES_ON;
	default:
		if (key < TERM_UP)
			editor_add(e, key);
		return GOES_ON;
	}
}

/* The label and what is typed, with the terminal's cursor after it. */
static void editor_draw(const struct editor *e, int y, const char *label)
{
	struct area size = term_size();
	int x = 1 + term_text(y, 1, size.w - 2, ROLE_STRONG, label);
	const char *shown = e->text;
	int room = size.w - x - 3;

	x++;
	while (cell_width(shown) > room) { /* a long answer: its end */
		wchar_t c;
		int width;

		shown += cell_next(shown, &c, &width);
	}
	x += term_text(y, x, room, ROLE_INPUT, shown);
	(void)term_text(y, x, 1, ROLE_INPUT, " ");
	term_show(y, x, true);
}

/* The sheet ends above the footer; returns the row for the answer. */
static int sheet_draw(const struct styled *text)
{
	struct area size = term_size();
	int rows = styled_rows(text, text->n, size.w - 4);
	struct area sheet = { .w = size.w };

	if (rows > size.h - 8)
		rows = size.h - 8;
	sheet.h = rows + 5;
	sheet.y = size.h - 1 - sheet.h;
	term_blank((struct area){ sheet.y, 0, sheet.h + 1, size.w });
	term_fill(sheet.y, 0, size.w, ROLE_HEADING, "─");
	styled_draw(text, (struct area){ sheet.y + 2, 2, rows, size.w - 4 }, 0);
	(void)term_text(size.h - 1, 1, size.w - 2, ROLE_DIM,
		"Enter accepts what is typed, Esc goes back.");
	return sheet.y + rows + 3;
}

static bool ask(struct wizard *w, const struct styled *text, const char *label,
	char answer[PROMPT_SIZE])
{
	struct editor e = { .text = answer };
	enum driver_forecast driver_forecast = GOES_ON;

	answer[0] = '\0';
	while (driver_forecast == GOES_ON) {
		int y = term_size().h - 2, key;

		frame_paint(w);
		if (!frame_fits()) {
			term_show(0, 0, false);
			key = term_key(-1, -1); /* only leaving is possible unseen */
			driver_forecast = key == TERM_RESIZE ? GOES_ON
					  : key == TERM_ESCAPE || key == TERM_END
						  ? LEFT
						  : GOES_ON;
			continue;
		}
		if (text)
			y = sheet_draw(text);
		else
			term_blank((struct area){ y, 0, 1, term_size().w });
		editor_draw(&e, y, label);
		driver_forecast = editor_key(&e, term_key(-1, -1));
	}
	return driver_forecast == ACCEPTED;
}

bool ask_line(struct wizard *w, const char *label, char answer[PROMPT_SIZE])
{
	return ask(w, NULL, label, answer) && answer[0];
}

bool ask_word(struct wizard *w, const struct styled *text, const char *label,
	char answer[PROMPT_SIZE])
{
	return ask(w, text, label, answer);
}

bool ask_to_go_on(struct wizard *w, const struct styled *text, const char *done)
{
	char answer[PROMPT_SIZE];

	if (!ask_word(w, text, "Type yes to go on:", answer))
		wizard_say(w, ROLE_TEXT, "Nothing was %s.", done);
	else if (!streq(answer, "yes"))
		wizard_say(w, ROLE_WARN,
			"Nothing was %s: it takes the whole word \"yes\".", done);
	else
		return true;
	return false;
}

bool ask_key(struct wizard *w, const char *question)
{
	int key;

	do {
		struct area size = term_size();
		char line[200];

		frame_paint(w);
		term_blank((struct area){ size.h - 2, 0, 1, size.w });
		(void)snprintf(line, sizeof(line), "%s (y/n)", question);
		(void)term_text(size.h - 2, 1, size.w - 2, ROLE_WARN, line);
		term_show(size.h - 2, cell_width(line) + 2, true);
		key = term_key(-1, -1);
	} while (key == TERM_RESIZE);
	/* No one is left to ask when the terminal is gone. */
	return key == 'y' || key == 'Y' || key == TERM_END;
}
