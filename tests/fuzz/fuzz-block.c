// SPDX-License-Identifier: GPL-2.0-or-later
/* Our block in any text: in and out again, and the same bytes are left. */
#include "fuzz.h"
#include "core/format/block.h"

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		n++;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size),
		      *with = block_set(text, "vfio-pci\n"),
		      *twice = block_set(with, "vfio-pci\n"),
		      *out = block_set(with, NULL), *users = block_without(with),
		      *gone = block_set(text, NULL);

	MUST(strstr(with, "vfio-pci\n"));
	MUST(streq(out ?: "", users));
	/* Of several beginnings and ends somebody has mixed up, none knows which belong.
	 */
	if (count(text, "# pciferry: begin") <= 1 && count(text, "# pciferry: end") <= 1)
		MUST(streq(with, twice));
	/* A text that has a block of ours already gives that up, too; any other stays. */
	if (!strstr(text, "# pciferry: ")) {
		MUST(streq_null(out, text));
		MUST(streq_null(gone, text));
	}
	return 0;
}
