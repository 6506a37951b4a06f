// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/term.h"
#include "ui/cell.h"
#include "ui/script.h"
#include "ui/signals.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <term.h>
#include <time.h>

#define CURSOR_BACK_256 24 /* a deep blue: light tones read on it, whatever is around */
/* ms to wait for the rest of a key's sequence: slow links split them. */
#define ESCAPE_DELAY 100
#define EMPTY_READS 20 /* readable and nothing there, so often: the terminal is gone */

struct look {
	char letter;
	attr_t mono;
	short c8;
	attr_t a8;
	short c16;
	attr_t a16;
	short c256;
	attr_t a256;
	short at256;
};

static const struct look looks[] = {
#define ROLE(name, ...) { __VA_ARGS__ },
#include "ui/roles.def"
#undef ROLE
};

/* Keys with a name. The names are what scripts write: <Down>. */
static const struct {
	int code, key;
	const char *name;
} named_keys[] = {
	{ KEY_UP, TERM_UP, "Up" },
	{ KEY_DOWN, TERM_DOWN, "Down" },
	{ KEY_LEFT, TERM_LEFT, "Left" },
	{ KEY_RIGHT, TERM_RIGHT, "Right" },
	{ KEY_PPAGE, TERM_PAGE_UP, "PageUp" },
	{ KEY_NPAGE, TERM_PAGE_DOWN, "PageDown" },
	{ KEY_HOME, TERM_HOME, "Home" },
	{ KEY_END, TERM_LAST, "End" },
	{ KEY_ENTER, TERM_ENTER, "Enter" },
	{ KEY_EXIT, TERM_ESCAPE, "Esc" },
	{ KEY_BACKSPACE, TERM_BACKSPACE, "Backspace" },
	{ KEY_DC, TERM_DELETE, "Delete" },
	{ KEY_F(1), TERM_HELP, "F1" },
	{ 0, ' ', "Space" },
	{ 0, '<', "lt" },
};

static struct {
	SCREEN *screen;
	FILE *null; /* a script's terminal */
	struct script *script;
	int depth; /* colours in use: 0, 8, 16, 256 */
	int empty_reads;
	unsigned char *roles; /* of every cell; kept for a script's dumps */
} term;

int term_signal(void)
{
	return signals_end_wish();
}

void term_child(void)
{
	signals_child();
}

/* -- start and end --------------------------------------------------------------- */

/* What a crash sends instead of curses; see signals.h. */
static void prepare_crash(void)
{
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *s = tigetstr(names[i]);

		if (s && s != (char *)-1)
			signals_crash_send(s);
	}
}

static int type_check(int fd, struct err *err)
{
	const char *name = getenv("TERM");
	const char *place;
	int why;

	if (!name || !*name)
		return err_set(err, -ENOTSUP,
			"TERM is not set: name the kind of terminal, as in TERM=vt100 pciferry");
	if (setupterm(NULL, fd, &why) == ERR)
		return err_set(err, -ENOTSUP,
			"The terminal \"%s\" (TERM) is unknown on this host: try TERM=xterm or TERM=vt100, or install its description (Debian: ncurses-term)",
			name);
	place = tigetstr("cup");
	(void)del_curterm(cur_term);
	if (!place || place == (char *)-1)
		return err_set(err, -ENOTSUP,
			"The terminal \"%s\" (TERM) cannot place text: try another, or the verbs \"pciferry list\" and \"pciferry plan\"",
			name);
	return 0;
}

static int pair_of(unsigned role)
{
	return 1 + (int)(role & ~ROLE_AT) + (role & ROLE_AT ? ROLE_COUNT : 0);
}

static void colors_start(bool wanted)
{
	short back = -1;

	term.depth = 0;
	if (!wanted || !has_colors() || start_color() == ERR || COLORS < 8 ||
		COLOR_PAIRS <= 2 * ROLE_COUNT)
		return;
	if (use_default_colors() == ERR)
		back = COLOR_BLACK;
	term.depth = COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
	for (unsigned r = 0; r < ROLE_COUNT; r++) {
		const struct look *l = &looks[r];
		short c = term.depth == 256 ? l->c256 : term.depth == 16 ? l->c16 : l->c8;

		if (c < 0 && back >= 0)
			c = COLOR_WHITE;
		(void)init_pair((short)pair_of(r), c, back);
		(void)init_pair((short)pair_of(r | ROLE_AT),
			term.depth == 256 ? l->at256 : COLOR_WHITE,
			term.depth == 256 ? CURSOR_BACK_256 : COLOR_BLUE);
	}
}

static int screen_open(struct err *err)
{
	FILE *out = stdout, *in = stdin;

	if (term.script) {
		out = in = term.null = fopen("/dev/null", "r+e");
		if (!out)
			return err_errno(err, -errno, "/dev/null cannot be opened");
	}
	if (signals_prepare(!term.script) < 0) /* before curses changes the modes */
		return err_errno(err, -errno, "No pipe could be made");
	term.screen = newterm(NULL, out, in);
	if (!term.screen)
		return err_set(err, -ENOTSUP, "This terminal could not be set up");
	if (!term.script)
		prepare_crash();
	return 0;
}

int term_start(const struct term_options *options, struct err *err)
{
	const char *no_color = getenv("NO_COLOR"); /* no-color.org: set and not empty */
	int r;

	(void)setlocale(LC_CTYPE, "");
	cell_set_ascii(options->ascii || !streq(nl_langinfo(CODESET), "UTF-8"));
	term.script = options->script;
	if (!term.script && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
		return err_set(err, -ENOTTY,
			"The wizard needs a terminal; without one, \"pciferry list\" shows the devices and \"pciferry plan DEVICE\" what would change");
	r = type_check(STDOUT_FILENO, err);
	if (r < 0)
		return r;
	r = screen_open(err);
	if (r < 0) {
		term_end();
		return r;
	}
	(void)atexit(term_end);
	alloc_on_failure(term_end);
	signals_start();
	(void)cbreak();
	(void)noecho();
	(void)nonl(); /* Enter is \r, and not confused with ^J */
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(ESCAPE_DELAY);
	colors_start(!options->no_color && !(no_color && *no_color));
	if (term.script)
		term_resize(80, 24);
	return 0;
}

void term_end(void)
{
	if (term.screen) {
		(void)endwin();
		signals_end();
		delscreen(term.screen);
		term.screen = NULL;
	}
	if (term.null)
		(void)fclose(TAKE(term.null));
	signals_close();
	free(TAKE(term.roles));
}

/* -- drawing --------------------------------------------------------------------- */

struct area term_size(void)
{
	return (struct area){ .h = LINES, .w = COLS };
}

void term_resize(int width, int height)
{
	(void)resize_term(height, width);
	if (term.script) {
		free(term.roles);
		term.roles = xcalloc((size_t)LINES * (size_t)COLS, 1);
	}
	(void)clearok(curscr, TRUE);
}

static void size_follow(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		term_resize(size.ws_col, size.ws_row);
}

void term_erase(void)
{
	(void)attrset(A_NORMAL);
	(void)erase();
	if (term.roles)
		memset(term.roles, 0, (size_t)LINES * (size_t)COLS);
}

static void role_set(unsigned role)
{
	const struct look *l = &looks[role & ~ROLE_AT];
	attr_t attr = term.depth == 256	 ? l->a256
		      : term.depth == 16 ? l->a16
		      : term.depth == 8	 ? l->a8
					 : l->mono;

	if (role & ROLE_AT) /* a dim text on the cursor's colour would be hard to read */
		attr = (attr & ~A_DIM) | (term.depth ? A_NORMAL : A_REVERSE);
	(void)attr_set(attr, term.depth ? (short)pair_of(role) : 0, NULL);
}

static void role_note(int y, int x, int width, unsigned role)
{
	const struct look *l = &looks[role & ~ROLE_AT];
	char letter = l->letter;

	if (role & ROLE_AT)
		letter = letter == '.' ? '@' : (char)(letter - 'a' + 'A');
	if (term.roles && y < LINES && x + width <= COLS)
		memset(term.roles + y * COLS + x, letter, (size_t)width);
}

static int cells_put(int y, int x, const char *s, size_t len)
{
	const char *end = s + len;
	int used = 0, width;
	wchar_t c;

	(void)move(y, x);
	for (size_t n; s < end && (n = cell_next(s, &c, &width)); s += n) {
		(void)addnwstr(&c, 1);
		used += width;
	}
	return used;
}

int term_text(int y, int x, int width, unsigned role, const char *s)
{
	size_t len;
	int used;

	if (y < 0 || y >= LINES || x < 0 || x >= COLS)
		return 0;
	if (width > COLS - x)
		width = COLS - x;
	if (width <= 0)
		return 0;
	role_set(role);
	len = cell_fit(s, width);
	if (!s[len]) {
		used = cells_put(y, x, s, len);
	} else {
		used = cells_put(y, x, s, cell_fit(s, width - 1));
		used += cells_put(y, x + used, "…", sizeof("…"));
	}
	role_note(y, x, used, role);
	return used;
}

void term_fill(int y, int x, int width, unsigned role, const char *sign)
{
	for (int i = 0; i < width; i++)
		(void)term_text(y, x + i, 1, role, sign);
}

void term_blank(struct area a)
{
	for (int y = a.y; y < a.y + a.h; y++)
		term_fill(y, a.x, a.w, ROLE_TEXT, " ");
}

void term_show(int y, int x, bool cursor)
{
	(void)curs_set(cursor);
	(void)move(y, x);
	(void)refresh();
}

/* -- keys ------------------------------------------------------------------------ */

int term_key_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(named_keys); i++)
		if (streq(named_keys[i].name, name))
			return named_keys[i].key;
	return 0;
}

static int key_from_code(int code)
{
	for (size_t i = 0; i < ARRAY_SIZE(named_keys); i++)
		if (named_keys[i].code == code)
			return named_keys[i].key;
	return TERM_OTHER;
}

static int key_from_char(wint_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return TERM_ENTER;
	case 27:
		return TERM_ESCAPE;
	case 8:
	case 127:
		return TERM_BACKSPACE;
	default:
		return c < 0x110000 ? (int)c : TERM_OTHER;
	}
}

/* Without waiting; TERM_NONE where there is none. */
static int key_read(void)
{
	wint_t c;
	int r = get_wch(&c);

	if (r == ERR)
		return TERM_NONE;
	term.empty_reads = 0;
	if (r == KEY_CODE_YES)
		return c == KEY_RESIZE ? TERM_NONE : key_from_code((int)c);
	return key_from_char(c);
}

/* Terminal, signals and fd; false at the timeout. */
static bool wait_for(int fd, int timeout, bool *ret_fd)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = signals_fd(), .events = POLLIN },
		{ .fd = fd, .events = POLLIN }, /* poll() skips -1 */
	};
	char bytes[64];

	if (poll(fds, ARRAY_SIZE(fds), timeout) == 0)
		return false;
	while (read(signals_fd(), bytes, sizeof(bytes)) > 0)
		;
	*ret_fd = fds[2].revents != 0;
	/* getch() fails at once, for ever, when its terminal is gone. */
	if ((fds[0].revents & POLLIN) && ++term.empty_reads < EMPTY_READS)
		return true;
	if (fds[0].revents)
		signals_hang_up();
	return true;
}

int term_key(int fd, int timeout)
{
	bool ready = false;
	int key;

	if (term.script && !signals_end_wish())
		return script_key(term.script, fd);
	for (;;) {
		if (signals_end_wish())
			return TERM_END;
		if (signals_resized()) {
			size_follow();
			return TERM_RESIZE;
		}
		key = key_read();
		if (key != TERM_NONE)
			return key;
		if (ready)
			return TERM_FD;
		if (!wait_for(fd, timeout, &ready))
			return TERM_NONE;
	}
}

int64_t term_clock(void)
{
	struct timespec now;

	if (term.script)
		return 0;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* -- dumps ----------------------------------------------------------------------- */

/* A row of the screen as UTF-8, without the blanks at its end; the caller frees it. */
static char *row_text(int y)
{
	wchar_t row[SCRIPT_SIZE_MAX + 1] = L""; /* only scripts ask, and they set COLS */
	char *s = xcalloc((size_t)COLS + 1, 4);
	size_t n = 0;

	(void)mvinnwstr(y, 0, row, COLS < SCRIPT_SIZE_MAX ? COLS : SCRIPT_SIZE_MAX);
	for (const wchar_t *c = row; *c; c++)
		n += cell_encode(*c, s + n);
	while (n && s[n - 1] == ' ')
		n--;
	s[n] = '\0';
	return s;
}

bool term_shows(const char *s)
{
	bool found = false;

	for (int y = 0; y < LINES && !found; y++) {
		autofree char *row = row_text(y);

		found = strstr(row, s);
	}
	return found;
}

void term_dump(FILE *out)
{
	fprintf(out, "text %dx%d\n", COLS, LINES);
	for (int y = 0; y < LINES; y++) {
		autofree char *row = row_text(y);

		fprintf(out, "%s\n", row);
	}
	fprintf(out, "roles\n");
	for (int y = 0; y < LINES && term.roles; y++) {
		int end = COLS;

		while (end && !term.roles[y * COLS + end - 1])
			end--;
		for (int x = 0; x < end; x++)
			fputc(term.roles[y * COLS + x] ?: ' ', out);
		fputc('\n', out);
	}
}

static void attributes_print(FILE *out, attr_t attr, short pair)
{
	static const struct {
		attr_t attr;
		const char *name;
	} names[] = {
		{ A_BOLD, "bold" },
		{ A_DIM, "dim" },
		{ A_UNDERLINE, "underline" },
		{ A_REVERSE, "reverse" },
	};
	short front = -1, back = -1;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (attr & names[i].attr)
			fprintf(out, " %s", names[i].name);
	if (pair && pair_content(pair, &front, &back) == OK)
		fprintf(out, " %d on %d", front, back);
	fputc('\n', out);
}

void term_dump_attributes(FILE *out)
{
	fprintf(out, "attributes %dx%d, %d colours\n", COLS, LINES, term.depth);
	for (int y = 0; y < LINES; y++) {
		attr_t last = A_NORMAL;
		short last_pair = 0;

		for (int x = 0; x < COLS; x++) {
			wchar_t text[CCHARW_MAX + 1];
			cchar_t cell;
			attr_t attr = A_NORMAL;
			short pair = 0;

			if (mvin_wch(y, x, &cell) == OK)
				(void)getcchar(&cell, text, &attr, &pair, NULL);
			attr &= A_BOLD | A_DIM | A_UNDERLINE | A_REVERSE;
			if (attr == last && pair == last_pair)
				continue;
			fprintf(out, "%d,%d", y, x);
			attributes_print(out, attr, pair);
			last = attr;
			last_pair = pair;
		}
	}
}
