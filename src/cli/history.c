// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/print.h"

enum exit_status verb_history(const struct root *root, const struct options *options)
{
	autosets struct sets sets = { 0 };
	struct err err = { 0 };
	int r = sets_scan(root, &sets, &err);

	if (r == 0 && options->json && json_print_history(&sets) < 0)
		r = err_oom(&err);
	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	if (options->json)
		return EXIT_DONE;
	if (sets.n == 0)
		print("No backup sets: pciferry has not changed this host.\n");
	for (size_t i = 0; i < sets.n; i++) {
		const struct set *set = &sets.list[i];

		print("%s  %s  %-11s  %s\n", set->id, set->time ?: "-",
			set_state_word(set->state), set->summary ?: set->problem);
		for (size_t j = 0; j < set->n_files; j++)
			print("        %s\n", set->files[j].path);
	}
	return EXIT_DONE;
}
