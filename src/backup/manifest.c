// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/manifest.h"
#include "backup/set.h"
#include "core/base/strv.h"

#include <jansson.h>

#define FORMAT 2

static void json_freep(json_t **json)
{
	json_decref(*json);
}

#define autojson CLEANUP(json_freep)

/* Strings of ours are UTF-8; what is not (a path of the user's) could not be written. */
static json_t *string_or_null(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *strings(char *const *list)
{
	json_t *array = json_array();

	strv_foreach (s, list)
		if (json_array_append_new(array, json_string(s)) < 0)
			return json_decref(array), NULL;
	return array;
}

static json_t *strings_or_null(char *const *list)
{
	return list ? strings(list) : json_null();
}

static json_t *side(const struct set_side *s)
{
	char mode[8];

	if (!s->present)
		return json_null();
	(void)snprintf(mode, sizeof(mode), "%04o", s->mode & 07777);
	return json_pack("{s:s, s:s, s:i, s:i}", "sha256", s->sha256, "mode", mode, "uid",
		(int)s->uid, "gid", (int)s->gid);
}

static json_t *files(const struct set *set)
{
	json_t *array = json_array();

	for (size_t i = 0; i < set->n_files; i++) {
		const struct set_file *f = &set->files[i];
		json_t *file = json_pack("{s:s, s:s, s:o, s:o}", "path", f->path, "why",
			f->why, "before", side(&f->before), "after", side(&f->after));

		if (json_array_append_new(array, file) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

static json_t *commands(const struct set *set)
{
	json_t *array = json_array();

	for (size_t i = 0; i < set->steps.n_commands; i++) {
		const struct command *c = &set->steps.commands[i];
		json_t *command = json_pack("{s:o, s:o, s:s}", "argv", strings(c->argv),
			"undo", strings_or_null(c->undo), "why", c->why);

		if (json_array_append_new(array, command) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

static const char *const kept_words[] = {
	[KEPT_ABSENT] = "absent",
	[KEPT_COPY] = "copy",
	[KEPT_NOT] = "none",
};

static json_t *artifacts(const struct set *set)
{
	json_t *array = json_array();

	for (size_t i = 0; i < set->steps.n_artifacts; i++) {
		const struct artifact *a = &set->steps.artifacts[i];
		const struct kept_artifact *kept = &set->kept[i];
		json_t *artifact = json_pack("{s:i, s:s, s:o, s:o, s:b, s:s, s:o, s:s}",
			"command", (int)a->command, "path", a->path, "list",
			strings_or_null(a->list), "holds", strings(a->holds), "replaced",
			a->replaced, "kept", kept_words[kept->how], "beside",
			strings(kept->beside), "why", a->why);

		if (json_array_append_new(array, artifact) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

static json_t *expects(const struct set *set)
{
	json_t *array = json_array();

	for (size_t i = 0; i < set->expects.n; i++) {
		const struct expectation *e = &set->expects.list[i];
		json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:b}",
			"kernel", e->kernel, "address", e->address, "id", e->id,
			"subsystem", e->subsystem, "before", string_or_null(e->before),
			"after", string_or_null(e->after), "certain", e->certain,
			"chosen", e->chosen);

		if (json_array_append_new(array, row) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

static json_t *moves(const struct set *set)
{
	json_t *array = json_array();

	for (size_t i = 0; i < set->steps.n_moves; i++) {
		const struct move *m = &set->steps.moves[i];
		json_t *move = json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:b}",
			"address", m->address, "id", m->id, "vfs", m->vfs, "before",
			string_or_null(m->before), "after", string_or_null(m->after),
			"override_before", string_or_null(m->override_before),
			"override_after", string_or_null(m->override_after), "rescan",
			m->rescan);

		if (json_array_append_new(array, move) < 0)
			return json_decref(array), NULL;
	}
	return array;
}

int manifest_format(const struct set *set, char **ret)
{
	autojson json_t *json = json_pack(
		"{s:i, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"format", FORMAT, "id", set->id, "time", set->time, "state",
		set_state_to_string(set->state), "summary", set->summary, "undoes",
		string_or_null(set->undoes), "origin", set->origin, "direction",
		direction_to_string(set->direction), "files", files(set), "made_dirs",
		strings(set->made_dirs), "commands", commands(set), "products",
		artifacts(set), "expects", expects(set), "words",
		strings(set->expects.kargs), "boot_id", string_or_null(set->boot_id),
		"moves", moves(set));
	char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;

	if (!text)
		return -EILSEQ;
	*ret = text;
	return 0;
}

bool manifest_path_ok(const char *path)
{
	if (path[0] != '/' || !path[1] || has_suffix(path, "/"))
		return false;
	for (const char *p = path; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
		if (*p == '/' &&
			(p[1] == '/' ||
				(p[1] == '.' &&
					(!p[2] || p[2] == '/' ||
						(p[2] == '.' &&
							(!p[3] || p[3] == '/'))))))
			return false;
	}
	return true;
}

static bool read_side(const json_t *json, struct set_side *ret)
{
	const char *sum, *mode;
	int uid, gid;
	char *end;

	if (json_is_null(json))
		return true;
	if (json_unpack((json_t *)json, "{s:s, s:s, s:i, s:i}", "sha256", &sum, "mode",
		    &mode, "uid", &uid, "gid", &gid) < 0 ||
		strlen(sum) != 64 || strspn(sum, "0123456789abcdef") != 64)
		return false;
	ret->mode = (mode_t)strtoul(mode, &end, 8);
	if (*end || end == mode || ret->mode > 07777 || uid < 0 || gid < 0)
		return false;
	ret->present = true;
	memcpy(ret->sha256, sum, 65);
	ret->uid = (uid_t)uid;
	ret->gid = (gid_t)gid;
	return true;
}

static bool manifest_read_file(const json_t *json, struct set *set)
{
	const char *path, *why;
	json_t *before, *after;
	struct set_file *f;

	if (json_unpack((json_t *)json, "{s:s, s:s, s:o, s:o}", "path", &path, "why",
		    &why, "before", &before, "after", &after) < 0 ||
		!manifest_path_ok(path))
		return false;
	GROW(set->files, set->n_files);
	f = &set->files[set->n_files++];
	f->path = xstrdup(path);
	f->why = xstrdup(why);
	return read_side(before, &f->before) && read_side(after, &f->after);
}

static bool read_strings(const json_t *json, bool paths, char ***ret)
{
	json_t *item;
	size_t i;

	if (!json_is_array(json))
		return false;
	json_array_foreach(json, i, item)
	{
		const char *s = json_string_value(item);

		if (!s || (paths && !manifest_path_ok(s)))
			return false;
		strv_add(ret, s);
	}
	return true;
}

/* A program by its path, and its arguments. */
static bool read_argv(const json_t *json, char ***ret)
{
	return read_strings(json, false, ret) && *ret && manifest_path_ok((*ret)[0]);
}

static bool read_command(const json_t *json, struct set *set)
{
	struct command *c;
	const char *why;
	json_t *argv, *undo = NULL;

	if (json_unpack((json_t *)json, "{s:o, s?o, s:s}", "argv", &argv, "undo", &undo,
		    "why", &why) < 0)
		return false;
	GROW(set->steps.commands, set->steps.n_commands);
	c = &set->steps.commands[set->steps.n_commands++];
	c->why = xstrdup(why);
	return read_argv(argv, &c->argv) &&
	       (!undo || json_is_null(undo) || read_argv(undo, &c->undo));
}

static bool read_kept(const char *word, enum kept *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(kept_words); i++)
		if (streq(kept_words[i], word)) {
			*ret = (enum kept)i;
			return true;
		}
	return false;
}

static bool read_artifact(const json_t *json, struct set *set)
{
	const char *path, *how, *why;
	json_t *list, *holds, *beside = NULL;
	struct kept_artifact *kept;
	struct artifact *a;
	int command, replaced = false; /* older sets have neither this nor "beside" */

	if (json_unpack((json_t *)json, "{s:i, s:s, s:o, s:o, s?b, s:s, s?o, s:s}",
		    "command", &command, "path", &path, "list", &list, "holds", &holds,
		    "replaced", &replaced, "kept", &how, "beside", &beside, "why",
		    &why) < 0 ||
		command < 0 || (size_t)command >= set->steps.n_commands ||
		!manifest_path_ok(path))
		return false;
	GROW(set->kept, set->steps.n_artifacts);
	GROW(set->steps.artifacts, set->steps.n_artifacts);
	kept = &set->kept[set->steps.n_artifacts];
	a = &set->steps.artifacts[set->steps.n_artifacts++];
	a->command = (size_t)command;
	a->replaced = replaced;
	a->path = xstrdup(path);
	a->why = xstrdup(why);
	return read_kept(how, &kept->how) &&
	       (json_is_null(list) || read_argv(list, &a->list)) &&
	       read_strings(holds, false, &a->holds) &&
	       (!beside || read_strings(beside, true, &kept->beside));
}

static bool copy_or_null(const json_t *json, char **ret)
{
	const char *s = json_string_value(json);

	*ret = s ? xstrdup(s) : NULL;
	return s || json_is_null(json);
}

static bool read_expectation(const json_t *json, struct set *set)
{
	const char *kernel, *address, *id, *subsystem = ""; /* older sets have none */
	struct expectation *e;
	json_t *before, *after;
	int chosen, certain = true; /* older sets say nothing of that */

	if (json_unpack((json_t *)json, "{s:s, s:s, s:s, s?s, s:o, s:o, s?b, s:b}",
		    "kernel", &kernel, "address", &address, "id", &id, "subsystem",
		    &subsystem, "before", &before, "after", &after, "certain", &certain,
		    "chosen", &chosen) < 0)
		return false;
	GROW(set->expects.list, set->expects.n);
	e = &set->expects.list[set->expects.n++];
	e->kernel = xstrdup(kernel);
	e->address = xstrdup(address);
	e->id = xstrdup(id);
	e->subsystem = xstrdup(subsystem);
	e->certain = certain;
	e->chosen = chosen;
	return copy_or_null(before, &e->before) && copy_or_null(after, &e->after);
}

/* What becomes part of a path, or is written to the kernel. */
static bool driver_ok(const char *name)
{
	return !name || (name[0] && name[0] != '.' && !strpbrk(name, "/\n"));
}

static bool number_ok(const char *s)
{
	return s && s[0] && strlen(s) <= 5 && !s[strspn(s, "0123456789")];
}

static bool read_move(const json_t *json, struct set *set)
{
	const char *address, *id;
	json_t *before, *after, *override_before, *override_after;
	struct pci_address at;
	struct move *m;
	int rescan, vfs = false;

	if (json_unpack((json_t *)json, "{s:s, s:s, s?b, s:o, s:o, s:o, s:o, s:b}",
		    "address", &address, "id", &id, "vfs", &vfs, "before", &before,
		    "after", &after, "override_before", &override_before,
		    "override_after", &override_after, "rescan", &rescan) < 0 ||
		pci_address_parse(address, &at) < 0 || strlen(id) != 9)
		return false;
	GROW(set->steps.moves, set->steps.n_moves);
	m = &set->steps.moves[set->steps.n_moves++];
	m->address = xstrdup(address);
	m->id = xstrdup(id);
	m->rescan = rescan;
	m->vfs = vfs;
	return copy_or_null(before, &m->before) && copy_or_null(after, &m->after) &&
	       copy_or_null(override_before, &m->override_before) &&
	       copy_or_null(override_after, &m->override_after) && driver_ok(m->before) &&
	       driver_ok(m->after) && driver_ok(m->override_before) &&
	       driver_ok(m->override_after) &&
	       (!m->vfs || (number_ok(m->before) && number_ok(m->after)));
}

static bool read_state(const char *word, struct set *set)
{
	for (int i = 0; i < SET_DAMAGED; i++)
		if (streq(set_state_to_string((enum set_state)i), word)) {
			set->state = (enum set_state)i;
			return true;
		}
	return false;
}

static bool read_lists(const json_t *list, struct set *set,
	bool (*read)(const json_t *json, struct set *set))
{
	json_t *item;
	size_t i;

	if (!json_is_array(list))
		return false;
	json_array_foreach(list, i, item) if (!read(item, set)) return false;
	return true;
}

static bool id_ok(const char *id)
{
	return id[0] && !id[strspn(id, "0123456789")];
}

/* Of format 1 origin_derive() makes them. */
static bool read_origin(
	json_int_t format, const char *origin, const char *direction, struct set *set)
{
	bool back;

	if (format == 1)
		return true;
	if (!origin || !direction || !id_ok(origin))
		return false;
	back = streq(direction, direction_to_string(DIRECTION_BACK));
	if (!back && !streq(direction, direction_to_string(DIRECTION_FORWARD)))
		return false;
	if (!set->undoes && (back || !streq(origin, set->id)))
		return false;
	set->direction = back ? DIRECTION_BACK : DIRECTION_FORWARD;
	set->origin = xstrdup(origin);
	return true;
}

static bool read_undoes(const json_t *json, struct set *set)
{
	return copy_or_null(json, &set->undoes) && (!set->undoes || id_ok(set->undoes));
}

static bool read_set(const json_t *json, const char *id, struct set *set)
{
	const char *own_id, *when, *state, *summary, *origin = NULL, *direction = NULL;
	json_t *list, *dirs, *runs, *made = NULL, *undone, *rows, *words, *boot,
				    *moved = NULL;
	json_int_t format;

	if (json_unpack((json_t *)json,
		    "{s:I, s:s, s:s, s:s, s:s, s:o, s?s, s?s, s:o, s:o, s:o, s?o, s:o, s:o, s:o, s?o}",
		    "format", &format, "id", &own_id, "time", &when, "state", &state,
		    "summary", &summary, "undoes", &undone, "origin", &origin,
		    "direction", &direction, "files", &list, "made_dirs", &dirs,
		    "commands", &runs, "products", &made, "expects", &rows, "words",
		    &words, "boot_id", &boot, "moves", &moved) < 0 ||
		format < 1 || format > FORMAT || !streq(own_id, id))
		return false;
	set->id = xstrdup(id);
	set->time = xstrdup(when);
	set->summary = xstrdup(summary);
	return read_undoes(undone, set) && read_origin(format, origin, direction, set) &&
	       copy_or_null(boot, &set->boot_id) && read_state(state, set) &&
	       read_lists(list, set, manifest_read_file) &&
	       read_strings(dirs, true, &set->made_dirs) &&
	       read_lists(runs, set, read_command) &&
	       (!made || read_lists(made, set, read_artifact)) &&
	       read_lists(rows, set, read_expectation) &&
	       (!moved || read_lists(moved, set, read_move)) &&
	       read_strings(words, false, &set->expects.kargs);
}

int manifest_parse(const char *id, const char *text, struct set *ret, struct err *err)
{
	json_error_t why;
	autojson json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
	struct set set = { 0 };
	json_int_t format;

	if (!json)
		return err_set(err, -EINVAL, SETS_PATH "/%s/manifest.json:%d: %s.", id,
			why.line, why.text);
	format = json_integer_value(json_object_get(json, "format"));
	if (format > FORMAT)
		return err_set(err, -EINVAL,
			SETS_PATH
			"/%s/manifest.json has format %lld, and this pciferry knows those up to %d: a newer pciferry wrote it, and can read it.",
			id, (long long)format, FORMAT);
	if (!read_set(json, id, &set)) {
		set_done(&set);
		return err_set(err, -EINVAL,
			SETS_PATH
			"/%s/manifest.json is not as pciferry writes it: something has changed it.",
			id);
	}
	*ret = set;
	return 0;
}
