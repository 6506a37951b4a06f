/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON that scripts rely on; names and shapes are DESIGN's. */
#pragma once

#include "backup/backup.h"
#include "core/check/check.h"
#include "core/export/export.h"
#include "core/plan/plan.h"

/* Each prints one JSON object and a newline to standard output. */
int json_print_list(const struct host *host) MUST_CHECK;
int json_print_plan(const struct plan *plan, struct err *err) MUST_CHECK;
int json_print_checks(const struct host *host, const struct checks *checks) MUST_CHECK;
/* The ids of the sets that prune removes. */
int json_print_pruned(char *const *ids) MUST_CHECK;
int json_print_history(const struct sets *sets) MUST_CHECK;
/* One of them, with what it changed. */
int json_print_set(
	const struct set *set, const struct steps *steps, struct err *err) MUST_CHECK;
int json_print_verify(
	const struct results *results, const struct host *host, bool rebooted) MUST_CHECK;
int json_print_export(const struct export_format *format, const struct export *e,
	const char *text) MUST_CHECK;
/* What undo puts back: "changes" and "moves" as a plan has them, and where a choice is
 * missing. */
int json_print_undo(const struct set *set, const struct restore_plan *restore_plan,
	struct err *err) MUST_CHECK;
