// SPDX-License-Identifier: GPL-2.0-or-later
/* Arrays of bash: read, and added to. */
#include "fuzz.h"
#include "core/base/strv.h"
#include "core/format/array.h"
#include "core/format/block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *const words[] = { (char *)"vfio_pci", NULL };
	CLEANUP(array_done) struct array array = { 0 }, added = { 0 };
	autofree char *text = fuzz_text(data, size), *line = NULL, *after = NULL;

	array_source(text, "A", &array);
	line = array_append_line(&array, "A", words);
	/* Behind an open quote or list nothing is an assignment of its own. */
	after = block_set(text, line);
	array_source(after, "A", &added);
	MUST(strv_len(added.tokens) <= strv_len(array.tokens) + 8 + strv_len(words) ||
		strpbrk(text, "('\""));
	return 0;
}
