// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/diff.h"
#include "backup/exec.h"
#include "core/base/text.h"

int diff_text(const struct change *change, char **ret, struct err *err)
{
	autofree char *text = NULL,
		      *before = text_printf("%s%s", change->before ? "a" : "",
			      change->before ? change->path : "/dev/null"),
		      *after = text_printf("%s%s", change->after ? "b" : "",
			      change->after ? change->path : "/dev/null");
	char a[32], b[32];
	char *argv[] = { (char *)"diff", (char *)"-u", (char *)"--label", before,
		(char *)"--label", after, a, b, NULL };
	int fds[2], status, r;

	fds[0] = exec_input(change->before);
	fds[1] = exec_input(change->after);
	(void)snprintf(a, sizeof(a), "/proc/self/fd/%d", fds[0]);
	(void)snprintf(b, sizeof(b), "/proc/self/fd/%d", fds[1]);
	r = fds[0] < 0 || fds[1] < 0 ? err_errno(err, fds[0] < 0 ? fds[0] : fds[1],
					       "Cannot start %s", argv[0])
				     : exec_capture(argv, fds, 2, &text, &status, err);
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
