// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of modprobe.d, and lists of modules. */
#include "fuzz.h"
#include "core/base/strv.h"
#include "core/format/modlist.h"
#include "core/format/modprobe.h"

static void check_list(char *text)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 }, none = { 0 };
	bool found = false;
	size_t last = 0;

	module_list_read(NULL, text, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct modprobe_line *line = &lines.list[i];

		MUST(line->tokens[0][0] && line->tokens[0][0] != '#' &&
			line->line > last);
		last = line->line;
		found |= module_name_equal(line->tokens[0], "vfio-pci");
	}
	MUST(module_list_has(text, "vfio-pci") == found);
	for (size_t i = lines.n; i-- > 0;)
		module_list_drop(text, lines.list[i].line);
	module_list_read(NULL, text, &none);
	MUST(none.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size);
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	static const char path[] = "/etc/modprobe.d/x.conf";
	autostrv char **names = NULL;
	size_t last = 0;

	modprobe_read(path, text, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct modprobe_line *line = &lines.list[i];

		MUST(line->path == path && line->tokens && line->tokens[0][0]);
		MUST(line->line > last);
		last = line->line;
		strv_foreach (word, line->tokens)
			MUST(!strpbrk(word, " \t\n"));
		(void)modprobe_loads_first(line, "vfio-pci");
		(void)modprobe_is(line, "options", "vfio-pci");
	}
	check_list(text);
	names = modprobe_alias(&lines, "pci:v000010DEd00001E84");
	(void)modprobe_first(&lines, "softdep", "nouveau");
	return 0;
}
