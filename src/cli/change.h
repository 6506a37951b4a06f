/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs that change a host share: showing what they would do, and asking. */
#pragma once

#include "cli/cli.h"

void print_findings(const struct plan *plan);
/* Each with its diff, made by diff(1). */
int print_changes(const struct change *changes, size_t n, struct err *err) MUST_CHECK;
void print_commands(const struct command *commands, size_t n);
void print_moves(const struct move *moves, size_t n);
/* Whether the user agrees: --yes, or typed as the answer to the question. */
enum exit_status agree(
	const struct root *root, const struct options *options, const char *question);
