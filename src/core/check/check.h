/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is this host ready to hand devices over? One row of a table for each question. */
#pragma once

#include "core/facts/fact.h"
#include "core/host/probe.h"
#include "core/plan/plan.h"

enum check_state {
	CHECK_OK,
	CHECK_WARN, /* works, but should be known */
	CHECK_FAIL, /* nothing can be handed over */
	CHECK_UNKNOWN, /* the host does not tell */
};

/* What of it pciferry can plan. */
enum check_plan {
	CHECK_PLAN_NONE,
	CHECK_PLAN_IOMMU, /* the word that turns the IOMMU on */
	CHECK_PLAN_CLAIMS, /* the claims as they are: they are not in force yet */
	CHECK_PLAN_NAMES, /* network interfaces that have other names now */
};

struct check {
	const char *name; /* stable, for scripts */
	enum check_state state;
	char *text; /* what was seen, with the file; a sentence */
	char *fix; /* what to do, a sentence; NULL where there is nothing */
	enum check_plan plan;
};

struct checks {
	struct check *list; /* in the order of the table */
	size_t n;
};

/* For the rows: fills c. */
void check_say(struct check *c, enum check_state state, const char *fmt, ...)
	PRINTF(3, 4);
void check_fix(struct check *c, const char *fmt, ...) PRINTF(2, 3);
/* As the fact says. */
void check_fact(struct check *c, const struct fact *fact);
