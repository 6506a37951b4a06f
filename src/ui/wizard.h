/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The full-screen wizard. */
#pragma once

#include "core/base/root.h"

struct wizard_options {
	bool ascii; /* nothing beyond ASCII, whatever the locale */
	bool no_color; /* as NO_COLOR in the environment */
	bool no_run; /* write files, only list the commands */
	const char *keys_script; /* see script.h; ignored on a live root. NULL: none */
};

/*
 * Runs until the user quits. The terminal is restored on every way out, and nothing is
 * printed.
 *
 * 0: err->text is "" or one sentence worth printing (what was applied, what comes next).
 * -errno: err says why. -ENOTTY, -ENOTSUP: no terminal, or one that will not do. -EINTR:
 * a signal; call wizard_reraise() after cleaning up.
 */
int wizard_run(const struct root *root, const struct wizard_options *options,
	struct err *err) MUST_CHECK;

/* Ends the process by the signal that ended the wizard; returns where there was none. */
void wizard_reraise(void);
