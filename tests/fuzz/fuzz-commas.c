// SPDX-License-Identifier: GPL-2.0-or-later
/* A list of names in any YAML text: in and out, and the same bytes are left. */
#include "fuzz.h"
#include "core/base/strv.h"
#include "core/format/commas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size), *with = NULL;
	autostrv char **list = NULL, **more = NULL;
	int r = commas_read(text, "k", &list);

	MUST(r == 1 || r == 0 || r == -EINVAL);
	if (r <= 0 || strstr(text, "zz")) /* the last of them would be ours */
		return 0;
	with = commas_add(text, "k", "zz");
	MUST(commas_read(with, "k", &more) == 1);
	MUST(strv_len(more) == strv_len(list) + 1 && strv_has(more, "zz"));
	commas_cut(with, "k", "zz");
	MUST(streq(with, text));
	return 0;
}
