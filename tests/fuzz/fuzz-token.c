// SPDX-License-Identifier: GPL-2.0-or-later
/* A word taken out of any text: it is gone, comments and all other words are there. */
#include "fuzz.h"
#include "core/format/token.h"

#define WORD "amd_iommu=on"

static size_t count(const char *text, char c)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

/* What is missing: so many words, and at most one blank for each. All else is in order.
 */
static void check_rest(const char *before, const char *after)
{
	size_t words = count(before, '=') - count(after, '=');
	size_t blanks = count(before, ' ') - count(after, ' ') + count(before, '\t') -
			count(after, '\t');

	MUST(blanks <= words);
	MUST(strlen(before) - strlen(after) == words * strlen(WORD) + blanks);
	for (const char *c = WORD; *c; c++)
		MUST(count(before, *c) - count(after, *c) == words * count(WORD, *c));
	for (; *after; after++, before++) {
		before = strchr(before, *after);
		MUST(before);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size), *cut = strdup(text);

	MUST(cut);
	token_drop(cut, WORD, NULL);
	MUST(token_line(cut, WORD) == 0);
	MUST((token_line(text, WORD) == 0) == streq(text, cut));
	check_rest(text, cut);
	return 0;
}
