/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions of "pciferry check", and their answers. */
#pragma once

#include "core/check/check.h"

void checks_done(struct checks *checks);

/* Reads what the scan did not. */
void checks_run(const struct probe *p, struct checks *ret);

/* No check failed. */
bool checks_ready(const struct checks *checks);

const char *check_state_to_string(enum check_state state);

/* Makes the request that a check's plan is for, from what is claimed now. */
void check_request(enum check_plan plan, struct request *request);
