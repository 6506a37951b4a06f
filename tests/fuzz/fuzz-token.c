// SPDX-License-Identifier: GPL-2.0-or-later
/* A word taken out of any text: it is gone, comments and all other words are there. */
#include "fuzz.h"
#include "core/edit/token.h"

#define WORD "amd_iommu=on"

/* The text without blanks, the word, and what is in comments. */
static void check_rest(const char *before, const char *after)
{
	for (; *before || *after; before++, after++) {
		while (*before != *after) {
			size_t n = strlen(WORD);

			if (strncmp(before, WORD, n) == 0)
				before += n;
			else if (*before == ' ' || *before == '\t')
				before++;
			else
				MUST(!"another byte is missing");
		}
		if (!*before)
			break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size), *cut = strdup(text);

	MUST(cut);
	token_drop(cut, WORD);
	MUST(token_line(cut, WORD) == 0);
	MUST((token_line(text, WORD) == 0) == streq(text, cut));
	check_rest(text, cut);
	return 0;
}
