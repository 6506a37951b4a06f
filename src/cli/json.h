/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON that scripts rely on; names and shapes are DESIGN's. */
#pragma once

#include "backup/backup.h"
#include "core/check/check.h"
#include "core/export/export.h"
#include "core/plan/plan.h"
#include "core/planner/states.h"

/* First of all: jansson's memory, too, is there or ends the program (alloc.h). */
void json_start(void);

/* Each prints one JSON object and a newline to standard output. */
void json_print_list(const struct host *host, const struct device_states *states);
int json_print_plan(const struct plan *plan, struct err *err) MUST_CHECK;
void json_print_checks(const struct host *host, const struct checks *checks);
/* The ids of the sets that prune removes. */
void json_print_pruned(char *const *ids);
void json_print_history(const struct sets *sets);
/* One of them, with what it changed. */
int json_print_set(
	const struct set *set, const struct steps *steps, struct err *err) MUST_CHECK;
void json_print_verify(
	const struct results *results, const struct host *host, bool rebooted);
void json_print_export(
	const struct export_format *format, const struct export *e, const char *text);
/* What undo puts back: "changes" and "moves" as a plan has them, and where a choice is
 * missing. */
int json_print_undo(const struct set *set, const struct restore_plan *restore_plan,
	char *const *users_keep, struct err *err) MUST_CHECK;
