/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs that change a host share: showing what they would do, and asking. */
#pragma once

#include "cli/cli.h"

void print_findings(const struct plan *plan);
/* Each with its diff, made by diff(1). */
int print_changes(const struct steps *steps, struct err *err) MUST_CHECK;
void print_commands(const struct steps *steps);
void print_moves(const struct steps *steps);
/* Whether the user agrees: --yes, or typed as the answer to the question. */
enum exit_status agree(
	const struct root *root, const struct options *options, const char *question);
