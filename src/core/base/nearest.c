// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/nearest.h"

#include <ctype.h>

#define LONGEST 32 /* a word that is longer is like nothing */

static size_t smallest(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters are added, left out, others, or swapped with the next (optimal string
 * alignment); row[i][j] is for the first i and j letters. */
static size_t count_edits(const char *a, const char *b)
{
	size_t row[LONGEST + 1][LONGEST + 1];
	size_t n = strlen(a), m = strlen(b);

	for (size_t i = 0; i <= n; i++)
		for (size_t j = 0; j <= m; j++) {
			if (i == 0 || j == 0) {
				row[i][j] = i + j;
				continue;
			}
			row[i][j] = smallest(row[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
				smallest(row[i - 1][j], row[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				row[i][j] = smallest(row[i][j], row[i - 2][j - 2] + 1);
		}
	return row[n][m];
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t typed = strlen(nearest->word), most, edits;

	if (typed > LONGEST || strlen(candidate) > LONGEST)
		return;
	most = (typed + 1) / 3;
	edits = count_edits(nearest->word, candidate);
	if (typed >= 2 && strncmp(candidate, nearest->word, typed) == 0)
		edits = smallest(edits, 1);
	if (edits > most || edits >= typed || (nearest->found && edits >= nearest->edits))
		return;
	nearest->found = candidate;
	nearest->edits = edits;
}
