/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One answer to one question about a host, with what shows it and what to do: check, a
 * plan, bind, verify and export say the same of it. Computed from struct host alone.
 */
#pragma once

#include "core/host/host.h"
#include "core/plan/findings.h"

enum fact_weight {
	FACT_NOTE, /* good to know */
	FACT_WARNS,
	FACT_DOOMS, /* nothing, or that device, can be handed over: check says fail, a
		       plan refuses with that sentence and fix */
};

/* Who puts it right. */
enum fact_plan {
	FACT_PLAN_NONE, /* the user */
	FACT_PLAN_IOMMU, /* --iommu-on, the first of two steps */
	FACT_PLAN_REBOOT, /* it is configured already */
};

struct fact {
	enum finding_id id;
	enum fact_weight weight;
	char *address; /* of the device it is about; NULL: of the host */
	char *text; /* a sentence, with the file that shows it */
	char *fix; /* what to do, a sentence; NULL where there is nothing */
	enum fact_plan plan;
};

struct facts {
	struct fact *list;
	size_t n;
};

/* For the rows: adds one. */
struct fact *fact_add(struct facts *facts, enum finding_id id, enum fact_weight weight,
	const char *address, const char *fmt, ...) PRINTF(5, 6);
void fact_fix(struct fact *fact, const char *fmt, ...) PRINTF(2, 3);

/* The first with that id, about that device (NULL: about the host itself); or NULL. */
const struct fact *fact_find(
	const struct facts *facts, enum finding_id id, const char *address);
/* Text and fix as one text. */
char *fact_sentence(const struct fact *fact) RETURNS_MEMORY;
