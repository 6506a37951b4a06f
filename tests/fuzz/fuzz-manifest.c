// SPDX-License-Identifier: GPL-2.0-or-later
/* Manifests of backup sets: no path in one that is taken leads anywhere but down. */
#include "fuzz.h"
#include "backup/manifest.h"
#include "backup/origin.h"
#include "backup/set.h"
#include "core/base/strv.h"

static void check_path(const char *path)
{
	MUST(path[0] == '/' && path[1]);
	MUST(!strstr(path, "/../") && !has_suffix(path, "/.."));
	MUST(!strstr(path, "//") && !strstr(path, "/./"));
	for (; *path; path++)
		MUST((unsigned char)*path >= ' ' && *path != 0x7f);
}

static void check_set(struct set *set)
{
	const struct sets sets = { set, 1 };
	autofree char *text = NULL, *text2 = NULL;
	struct set again = { 0 };
	struct err err = { 0 };

	MUST(streq(set->id, "0001"));
	origin_derive(&sets, set);
	MUST(origin_of(&sets, set) == set);
	for (size_t i = 0; i < set->n_files; i++)
		check_path(set->files[i].path);
	strv_foreach (dir, set->made_dirs)
		check_path(dir);
	for (size_t i = 0; i < set->steps.n_commands; i++)
		check_path(set->steps.commands[i].argv[0]);
	MUST(manifest_format(set, &text) == 0);
	MUST(manifest_parse("0001", text, &again, &err) == 0);
	MUST(manifest_format(&again, &text2) == 0 && streq(text, text2));
	set_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size);
	struct set set = { 0 };
	struct err err = { 0 };
	int r = manifest_parse("0001", text, &set, &err);

	MUST(r == 0 || (r == -EINVAL && err.text[0] && !set.id));
	if (r == 0)
		check_set(&set);
	set_done(&set);
	return 0;
}
