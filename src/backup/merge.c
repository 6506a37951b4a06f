// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/merge.h"
#include "backup/exec.h"
#include "core/base/text.h"

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (; text; text = strchr(text, '\n'), text += !!text)
		if (strncmp(text, line, len) == 0 && text[len] == '\n')
			return true;
	return false;
}

/* How many bytes of whole lines both begin with, and end with. */
static size_t same_head(const char *a, const char *b)
{
	size_t head = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			head = i + 1;
	return head;
}

static size_t same_tail(const char *a, const char *b)
{
	size_t n_a = strlen(a), n_b = strlen(b), tail = 0;

	for (size_t i = 1; i <= n_a && i <= n_b && a[n_a - i] == b[n_b - i]; i++)
		if ((i == n_a || a[n_a - i - 1] == '\n') &&
			(i == n_b || b[n_b - i - 1] == '\n'))
			tail = i;
	return tail;
}

/* The only place of the lines in text, or NULL. */
static const char *only_place(const char *text, const char *lines)
{
	const char *place = NULL;

	for (const char *p = text; (p = strstr(p, lines)); p++) {
		if (p > text && p[-1] != '\n')
			continue;
		if (place)
			return NULL;
		place = p;
	}
	return place;
}

/*
 * For diff3, lines added right beside ours change the same place. Where base's lines,
 * from the first to the last that differs in ours, stand in theirs once and whole, ours
 * can take their place. NULL where they do not, or where nothing is left of ours.
 */
static char *merge_beside(const char *theirs, const char *base, const char *ours)
{
	size_t head = same_head(base, ours), tail = same_tail(base + head, ours + head);
	autofree char *lines = xstrndup(base + head, strlen(base + head) - tail);
	const char *place = has_suffix(lines, "\n") ? only_place(theirs, lines) : NULL;

	return place && *ours ? text_printf("%.*s%.*s%s", (int)(place - theirs), theirs,
					(int)(strlen(ours + head) - tail), ours + head,
					place + strlen(lines))
			      : NULL;
}

int merge_text(const char *theirs, const char *base, const char *ours, enum merge how,
	char **ret, bool *ret_clean, struct err *err)
{
	/* -3: but for lines that both changed; -e: these as in the last file. */
	static const char *const options[] = {
		[MERGE_CLEAN] = "-m",
		[MERGE_APART] = "--", /* no option */
		[MERGE_THEIRS] = "-m3",
		[MERGE_OURS] = "-me",
	};
	const char *texts[] = { theirs, base, ours };
	char paths[ARRAY_SIZE(texts)][32];
	char *argv[] = { (char *)"diff3", (char *)options[how], paths[0], paths[1],
		paths[2], NULL };
	autofree char *text = NULL, *beside = NULL;
	int fds[ARRAY_SIZE(texts)], status, r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fds[i] = exec_input(texts[i]);
		(void)snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", fds[i]);
		if (fds[i] < 0)
			r = err_errno(err, fds[i], "Cannot start %s", argv[0]);
	}
	if (r == 0)
		r = exec_capture(argv, fds, ARRAY_SIZE(fds), &text, &status, err);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		closep(&fds[i]);
	if (r < 0)
		return r;
	if (status > 1) /* 0: no conflict, 1: conflicts, diff3(1) */
		return err_set(err, -EIO,
			"diff3 failed, so a change cannot be merged: %s", text);
	if (how == MERGE_CLEAN && status != 0)
		beside = merge_beside(theirs, base, ours);
	if (how == MERGE_CLEAN)
		*ret_clean = status == 0 || beside;
	if (how == MERGE_APART)
		*ret_clean = !has_line(text, "====") && !has_line(text, "====2");
	*ret = beside ? TAKE(beside) : TAKE(text);
	return 0;
}
