// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/change.h"
#include "cli/json.h"
#include "cli/print.h"
#include "core/base/strv.h"
#include "backup/prune.h"
#include "backup/store.h"

static void print_set(const struct set *set)
{
	print("%s  %s  %-11s  %s\n", set->id, set->time ?: "-",
		set_state_to_string(set->state), set->summary ?: set->problem);
}

/* One set: all that it changed, whether that is in force or not. */
static enum exit_status show_set(
	const struct root *root, const struct sets *sets, const struct options *options)
{
	CLEANUP(steps_done) struct steps steps = { 0 };
	const struct set *set;
	struct err err = { 0 };
	int r;

	if (sets_named(sets, options->args[0], &set, &err) < 0)
		return print_error(&err), EXIT_USAGE;
	r = store_read_steps(root, set, &steps, &err);
	if (r == 0 && options->json)
		r = json_print_set(set, &steps, &err);
	if (!options->json)
		print_set(set);
	if (r == 0 && !options->json) {
		r = print_changes(&steps, &err);
		print_commands(&steps);
		print_moves(&steps);
	}
	return r < 0 ? (print_error(&err), EXIT_FAILED) : EXIT_DONE;
}

enum exit_status verb_history(const struct root *root, const struct options *options)
{
	autosets struct sets sets = { 0 };
	struct err err = { 0 };
	int r = sets_scan(root, &sets, &err);

	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	if (options->args[0])
		return show_set(root, &sets, options);
	if (options->json)
		return json_print_history(&sets), EXIT_DONE;
	if (sets.n == 0)
		print("No backup sets: pciferry has not changed this host.\n");
	for (size_t i = 0; i < sets.n; i++) {
		const struct set *set = &sets.list[i];

		print_set(set);
		for (size_t j = 0; j < set->n_files; j++)
			print("        %s\n", set->files[j].path);
	}
	return EXIT_DONE;
}

static void print_pruned(const struct sets *sets, char *const *ids)
{
	print("These sets would go for good, with the files they keep:\n");
	strv_foreach (id, ids)
		print_set(sets_find(sets, id));
}

enum exit_status verb_prune(const struct root *root, const struct options *options)
{
	autosets struct sets sets = { 0 };
	autostrv char **ids = NULL, **gone = NULL;
	enum exit_status status;
	struct err err = { 0 };
	int r = sets_scan(root, &sets, &err);

	if (r == 0)
		r = prune_list(root, &sets, options->args, &ids, &err);
	if (r < 0)
		return print_error(&err), r == -EPERM || r == -EBUSY ? EXIT_REFUSED
					  : r == -ENOENT	     ? EXIT_USAGE
								     : EXIT_FAILED;
	if (options->json)
		json_print_pruned(ids);
	if (!ids && !options->json)
		print("There is nothing to prune: every set is in force, or the oldest.\n");
	if (!ids)
		return EXIT_DONE;
	if (!options->json)
		print_pruned(&sets, ids);
	status = agree(root, options, "Remove them?");
	if (status != EXIT_DONE)
		return status;
	if (backup_prune(root, options->args, &gone, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	if (!options->json)
		print("\nDone: %zu set%s gone.\n", strv_len(gone),
			strv_len(gone) == 1 ? " is" : "s are");
	return EXIT_DONE;
}
