// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the wizard's keys (src/ui/keys.def) as roff, for the manual page. */
#include "ui/keys.h"

/* Characters that roff would take for its own. */
static void print_escaped(const char *s)
{
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '-')
			fputs("\\-", stdout);
		else if (*s == '^')
			fputs("\\(ha", stdout);
		else if (*s == '\'')
			fputs("\\(aq", stdout);
		else
			putchar(*s);
	}
}

static void print_section(const struct key_section *section)
{
	printf(".SS %s\n", section->title);
	for (size_t i = 0; i < n_key_rows; i++) {
		const struct key_row *row = &key_rows[i];

		if (!row->name || !key_in_section(row, section))
			continue;
		fputs(".TP\n.B \"", stdout);
		print_escaped(row->name);
		fputs("\"\n", stdout);
		print_escaped(row->help);
		putchar('\n');
	}
}

int main(void)
{
	for (size_t i = 0; i < n_key_sections; i++)
		print_section(&key_sections[i]);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
