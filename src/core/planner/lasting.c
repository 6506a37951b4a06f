// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/planner/lasting.h"
#include "core/plan/draft.h"

/* A set lies beside its plan's files: without it nothing can be taken back. */
#define SETS "/var/lib/pciferry/sets"

static void lasting_tell(struct draft *draft, const struct place_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		const struct place_problem *p = &problems->list[i];

		draft_finding(draft,
			p->state == LASTS_NOT ? FINDING_REFUSAL : FINDING_WARNING,
			FOUND_NOT_LASTING, NULL, "%s %s", p->text, p->fix);
	}
}

void plan_lasting(struct draft *draft)
{
	CLEANUP(place_problems_done) struct place_problems problems = { 0 };
	const struct places *places = &draft->host->places;
	const struct steps *steps = &draft->plan->steps;

	for (size_t i = 0; i < steps->n_changes; i++)
		places_judge(places, steps->changes[i].path, &problems);
	for (size_t i = 0; i < steps->n_artifacts; i++)
		places_judge(places, steps->artifacts[i].path, &problems);
	if (steps->n_changes)
		places_judge(places, SETS, &problems);
	lasting_tell(draft, &problems);
}
