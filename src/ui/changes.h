/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes and commands as text: what the review and the undo page show. */
#pragma once

#include "core/plan/plan.h"
#include "ui/pager.h"

struct changes_text {
	struct styled text;
	size_t *files; /* the line each change begins at */
	size_t n_files;
};

void changes_text_done(struct changes_text *t);
int changes_text_add(struct changes_text *t, const struct change *changes, size_t n,
	struct err *err) MUST_CHECK;
void changes_text_commands(
	struct changes_text *t, const struct command *commands, size_t n);
/* Files under a title, where there are any. */
void changes_text_paths(struct styled *t, const char *title, char *const *paths);
/* Drivers and the like that change without a reboot; nothing where there are none. */
void changes_text_moves(struct styled *t, const struct move *moves, size_t n);
/* To the next file from where the pager is (step 1 or -1). */
void changes_text_jump(
	const struct changes_text *t, struct pager *p, int step, int width);
/* "update-initramfs -u -k all" */
void command_add(struct styled *t, enum role role, const struct command *c);
