// SPDX-License-Identifier: GPL-2.0-or-later
/* Words added to a shell's variable in any text: in and out, and the same bytes are left.
 */
#include "fuzz.h"
#include "core/base/strv.h"
#include "core/format/assign.h"
#include "core/format/shell.h"

static char *words[] = { (char *)"a.b=1", (char *)"zz", NULL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size), *with = NULL, *twice = NULL,
		      *fewer = NULL, *out = NULL;
	struct err err = { 0 };
	int r = shell_set("f", text, "A", NULL, NULL, words, &with, &err);

	/* Blocks of ours that somebody has mixed up, and our own words: see fuzz-block.
	 */
	if (r < 0 || strstr(text, "# pciferry: ") || strstr(text, "a.b=1") ||
		strstr(text, "zz"))
		return 0;
	MUST(shell_set("f", with, "A", NULL, words, words, &twice, &err) == 0);
	MUST(streq(with, twice));
	MUST(shell_set("f", with, "A", NULL, words, words + 1, &fewer, &err) == 0);
	MUST(shell_set("f", fewer, "A", NULL, words + 1, NULL, &out, &err) == 0);
	MUST(streq_null(out, text));
	return 0;
}
