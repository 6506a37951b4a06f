// SPDX-License-Identifier: GPL-2.0-or-later
/* A list of strings in any JSON text: in and out, and the same bytes are left. */
#include "fuzz.h"
#include "core/base/strv.h"
#include "core/format/jsonlist.h"

static char *words[] = { (char *)"a.b=1", (char *)"zz", NULL };
static const char *const keys[] = { "user", "kernel_options", NULL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size), *with = NULL, *twice = NULL,
		      *fewer = NULL, *out = NULL;
	autostrv char **list = NULL;
	struct err err = { 0 };
	int r = json_list_read("f", text, keys, &list, &err);

	MUST(r == 0 || (r == -EINVAL && after_prefix(err.text, "f ")));
	MUST(json_list_set("f", text, keys, NULL, words, &with, &err) == r);
	if (r < 0 || strv_has(list, words[0]) || strv_has(list, words[1]))
		return 0;
	MUST(json_list_set("f", with, keys, words, words, &twice, &err) == 0);
	MUST(streq(with, twice));
	MUST(json_list_set("f", with, keys, words, words + 1, &fewer, &err) == 0);
	MUST(json_list_set("f", fewer, keys, words + 1, NULL, &out, &err) == 0);
	MUST(streq(out, text));
	return 0;
}
