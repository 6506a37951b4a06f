// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/diff.h"
#include "backup/run.h"
#include "core/base/text.h"

#include <sys/mman.h>

/* The text in a file of its own that diff(1) can open by /proc/self/fd. */
static int text_file(const char *text)
{
	size_t len = text ? strlen(text) : 0, done = 0;
	autoclose int fd = memfd_create("text", MFD_CLOEXEC);

	while (fd >= 0 && done < len) {
		ssize_t n = write(fd, text + done, len - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return fd < 0 ? -errno : TAKE_FD(fd);
}

int diff_text(const struct change *change, char **ret, struct err *err)
{
	autofree char *before = NULL, *after = NULL, *text = NULL;
	char a[32], b[32];
	char *argv[] = { (char *)"diff", (char *)"-u", (char *)"--label", NULL,
		(char *)"--label", NULL, a, b, NULL };
	int fds[2], status, r;

	fds[0] = text_file(change->before);
	fds[1] = text_file(change->after);
	before = text_printf("%s%s", change->before ? "a" : "",
		change->before ? change->path : "/dev/null");
	after = text_printf("%s%s", change->after ? "b" : "",
		change->after ? change->path : "/dev/null");
	argv[3] = before;
	argv[5] = after;
	(void)snprintf(a, sizeof(a), "/proc/self/fd/%d", fds[0]);
	(void)snprintf(b, sizeof(b), "/proc/self/fd/%d", fds[1]);
	r = fds[0] < 0 || fds[1] < 0 || !before || !after
		    ? err_oom(err)
		    : run_capture(argv, fds, 2, &text, &status, err);
	closep(&fds[0]);
	closep(&fds[1]);
	if (r < 0)
		return r;
	if (status > 1) /* 0: equal, 1: different, diff(1) */
		return err_set(err, -EIO,
			"diff failed, so the change cannot be shown: %s", text);
	*ret = TAKE(text);
	return 0;
}

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (; text; text = strchr(text, '\n'), text += !!text)
		if (strncmp(text, line, len) == 0 && text[len] == '\n')
			return true;
	return false;
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
	autofree char *text = NULL;
	int fds[ARRAY_SIZE(texts)], status, r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fds[i] = text_file(texts[i]);
		(void)snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", fds[i]);
		r = fds[i] < 0 ? err_oom(err) : r;
	}
	if (r == 0)
		r = run_capture(argv, fds, ARRAY_SIZE(fds), &text, &status, err);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		closep(&fds[i]);
	if (r < 0)
		return r;
	if (status > 1) /* 0: no conflict, 1: conflicts, diff3(1) */
		return err_set(err, -EIO,
			"diff3 failed, so a change cannot be merged: %s", text);
	if (how == MERGE_CLEAN)
		*ret_clean = status == 0;
	if (how == MERGE_APART)
		*ret_clean = !has_line(text, "====") && !has_line(text, "====2");
	*ret = TAKE(text);
	return 0;
}
