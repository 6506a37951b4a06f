// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts, for what they do to devices. */
#include "fuzz.h"
#include "core/format/script.h"

static void check(const struct acts *acts)
{
	for (size_t i = 0; i < acts->n; i++) {
		const struct act *act = &acts->list[i];

		MUST(act->line >= 1);
		MUST(act->kind != ACT_BIND || (act->address && act->driver));
		MUST(act->kind != ACT_OVERRIDE || act->address);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct script script = { .path = "f" };
	autofree char *text = fuzz_text(data, size);
	CLEANUP(acts_done) struct acts acts = { 0 }, program = { 0 };

	script_read(&script, text, NULL, &acts);
	check(&acts);
	script_read_program(&script, text, 1, &program);
	check(&program);
	return 0;
}
