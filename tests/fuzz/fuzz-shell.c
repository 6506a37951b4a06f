// SPDX-License-Identifier: GPL-2.0-or-later
/* Files such as /etc/default/grub, and the words of the values in them. */
#include "fuzz.h"
#include "core/format/shell.h"
#include "core/format/kargs.h"

static void check_words(const char *value)
{
	autostrv char **words = NULL, **again = NULL;
	autofree char *joined = NULL;

	words = kargs_split(value);
	strv_foreach (word, words)
		MUST(word[0]);
	joined = strv_join(words, " ");
	again = kargs_split(joined);
	MUST(strv_len(again) == strv_len(words));
	(void)kargs_value(words, "vfio-pci.ids");
	(void)kargs_value_has(words, "intel_iommu", "on");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size);
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	struct err err = { 0 };
	int r = shell_source(&vars, "f", text, &err);

	MUST(r == 0 || (r == -EINVAL && after_prefix(err.text, "f:")));
	for (size_t i = 0; i < vars.n; i++) {
		MUST(shell_get(&vars, vars.list[i].name) == &vars.list[i]);
		check_words(vars.list[i].value);
	}
	return 0;
}
