/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others did to files of ours since a set wrote them. */
#pragma once

#include "backup/backup.h"

/*
 * Before that: what was made by pciferry and then changed by somebody else, and what the
 * plan would make of it, becomes a warning of the plan.
 */
int backup_warn(const struct root *root, struct plan *plan, struct err *err) MUST_CHECK;
