// SPDX-License-Identifier: GPL-2.0-or-later
/* Command lines in files of every format: in and out, and the same bytes are left. */
#include "fuzz.h"
#include "core/base/strv.h"
#include "core/format/cmdlines.h"

static char *words[] = { (char *)"a.b=1", (char *)"zz", NULL };

static bool recovery;

static void set(const char *text, const struct cmdline_format *format, char *const *ours,
	char *const *wanted, char **ret, size_t *ret_n)
{
	const struct cmdline_edit edit = {
		.root = "x", .ours = ours, .wanted = wanted, .recovery = recovery
	};

	*ret = cmdlines_set(text, format, &edit, ret_n);
}

static void check(const char *text, const struct cmdline_format *format)
{
	autofree char *with = NULL, *twice = NULL, *fewer = NULL, *out = NULL;
	const struct cmdline_edit edit = { .root = "x", .recovery = recovery };
	autostrv char **list = NULL;
	size_t n, m, k = 0;

	set(text, format, NULL, words, &with, &n);
	set(with, format, words, words, &twice, &m);
	MUST(n == m && streq(with, twice));
	set(with, format, words, words + 1, &fewer, &m);
	set(fewer, format, words + 1, NULL, &out, &m);
	MUST(n == m && streq(out, text));
	cmdlines_kargs(with, format, &edit, &list, &k);
	MUST(k == n);
	strv_foreach (word, n ? words : NULL)
		MUST(strv_has(list, word));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size);

	/* Our own words in it are the user's, and the last of them would be ours. */
	if (strstr(text, "a.b=1") || strstr(text, "zz"))
		return 0;
	for (size_t i = 0; cmdline_formats[i]; i++)
		for (int other = 0; other < 2; other++) {
			recovery = other;
			check(text, cmdline_formats[i]);
		}
	return 0;
}
