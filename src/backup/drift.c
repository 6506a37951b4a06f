// SPDX-License-Identifier: GPL-2.0-or-later
/* Our own files, where somebody else has changed them since a set wrote them. */
#include "backup/drift.h"
#include "backup/store.h"
#include "core/plan/draft.h"

/* What is known of a path: whether a set made the file, and what the last one wrote. */
struct known {
	bool ours;
	const struct set *set; /* the last that wrote it, or NULL */
	const struct set_side *side;
};

static struct known known_of(const struct sets *sets, const char *path)
{
	struct known known = { 0 };

	for (size_t i = 0; i < sets->n; i++) {
		const struct set *set = &sets->list[i];

		for (size_t j = 0; j < set->n_files; j++) {
			const struct set_file *f = &set->files[j];

			if (!streq(f->path, path) || set->state == SET_ROLLED_BACK)
				continue;
			known.ours |= !set->undoes && !f->before.present;
			known.set = set;
			known.side = &f->after;
		}
	}
	return known;
}

static bool changed_since(const struct known *known, const char *now)
{
	char sum[65];

	if (!known->side->present || !now)
		return known->side->present;
	text_sha256(now, sum);
	return !streq(sum, known->side->sha256);
}

int backup_warn(const struct root *root, struct plan *plan, struct err *err)
{
	autosets struct sets sets = { 0 };
	int r = sets_scan(root, &sets, err);

	if (r == -EACCES) /* without root nothing is known of them, or written */
		return 0;
	for (size_t i = 0; r == 0 && i < plan->steps.n_changes; i++) {
		const struct change *c = &plan->steps.changes[i];
		struct known known = known_of(&sets, c->path);

		/* The claims are there to be edited. */
		if (!known.ours || streq(c->path, CLAIMS_PATH) ||
			!changed_since(&known, c->before))
			continue;
		plan_warn(plan, FOUND_CHANGED_SINCE, NULL,
			"%s was %s by somebody else since set %s wrote it: that is lost when this is written, as the diff shows.",
			c->path, c->before ? "changed" : "removed", known.set->id);
	}
	return r;
}
