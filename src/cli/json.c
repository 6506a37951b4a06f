// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/json.h"
#include "backup/diff.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/check/checks.h"
#include "core/loader/loader.h"
#include "backup/set.h"
#include "core/loader/loaders.h"

#include <jansson.h>

static void *json_room(size_t size)
{
	return xcalloc(1, size);
}

void json_start(void)
{
	json_set_alloc_funcs(json_room, free);
}

/* JSON is UTF-8: what is not (a broken file, odd hardware) is written as \xNN. */
static json_t *text(const char *s)
{
	autofree char *clean = NULL;
	json_t *json;

	if (!s)
		return json_null();
	json = json_string(s);
	if (json)
		return json;
	clean = text_escape(s);
	return json_string(clean);
}

/* Puts the value at the array's end, which takes it over. */
static void push(json_t *array, json_t *value)
{
	(void)json_array_append_new(array, value);
}

static json_t *hex(int32_t value, int digits)
{
	char s[16];

	if (value < 0)
		return json_null();
	(void)snprintf(s, sizeof(s), "%0*x", digits, (unsigned)value);
	return json_string(s);
}

static json_t *strings(char *const *list)
{
	json_t *array = json_array();

	strv_foreach (s, list)
		push(array, text(s));
	return array;
}

/* In ASCII: a terminal must not be steered by what a device or a file is called. Whether
 * standard output takes it is looked at once, at the end of the program. */
static void output(json_t *json)
{
	autofree char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENSURE_ASCII);

	json_decref(json);
	(void)puts(text);
}

static json_t *lifelines(const struct device *d)
{
	json_t *array = json_array();

	for (size_t i = 0; i < d->n_lifelines; i++)
		push(array, json_pack("{s:o, s:o}", "name", text(d->lifelines[i].name),
				    "why", text(d->lifelines[i].why)));
	return array;
}

/* -1 is unknown, or none. */
static json_t *number(int n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static json_t *device(const struct host *host, const struct device_states *states,
	const struct device *d)
{
	const struct device_state *s = &states->list[d - host->devices];
	const struct claim *claim = claims_find(&host->claims, d->address);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o}",
		"address", text(d->address), "vendor", hex(d->vendor, 4), "device",
		hex(d->device, 4), "subvendor", hex(d->subvendor, 4), "subdevice",
		hex(d->subdevice, 4), "class", hex(d->class, 6), "name", text(d->name),
		"modalias", text(d->modalias), "driver", text(d->driver), "modules",
		strings(d->modules), "lifelines", lifelines(d), "claim",
		claim ? text(claim->method) : json_null(), "physfn", text(d->physfn),
		"vfs_total", number(d->vfs_total), "vfs_now", number(d->vfs_now),
		"running", text(s->running), "at_boot",
		text(s->unknown ? NULL : s->at_boot), "at_boot_differs", s->differs,
		"at_boot_known", !s->unknown, "wanted",
		s->wanted ? text("vfio-pci") : json_null());
}

static json_t *devices(const struct host *host, const struct device_states *states,
	const struct group *g)
{
	json_t *array = json_array();

	for (size_t i = 0; g && i < g->n_devices; i++)
		push(array, device(host, states, &host->devices[g->devices[i]]));
	return array;
}

/* As the file has them, whether or not their devices are there. */
static json_t *listed_claims(const struct claims *claims)
{
	json_t *array = json_array();

	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *c = &claims->list[i];

		push(array, json_pack("{s:o, s:o, s:o}", "address", text(c->address),
				    "id", text(c->id), "method", text(c->method)));
	}
	return array;
}

void json_print_list(const struct host *host, const struct device_states *states)
{
	json_t *groups = json_array();
	const struct group *none = NULL;

	for (size_t i = 0; i < host->n_groups; i++) {
		const struct group *g = &host->groups[i];

		if (g->number < 0) {
			none = g;
			continue;
		}
		push(groups, json_pack("{s:i, s:s, s:b, s:o, s:o}", "number", g->number,
				     "mark", mark_to_string(g->mark), "acs_override",
				     g->acs_override, "why", text(g->why), "devices",
				     devices(host, states, g)));
	}
	output(json_pack("{s:o, s:o, s:o, s:b, s:o}", "groups", groups, "ungrouped",
		devices(host, states, none), "notes", strings(host->notes), "visible",
		!host->disk, "claims", listed_claims(&host->claims)));
}

static json_t *claims(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->n_chosen; i++) {
		const struct plan_claim *c = &plan->chosen[i];

		push(array, json_pack("{s:o, s:o, s:o, s:b}", "address", text(c->address),
				    "method", text(c->method), "why", text(c->why),
				    "present", c->present));
	}
	return array;
}

static json_t *forecasts(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];

		push(array, json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o}",
				    "kernel", text(f->kernel), "entry", text(f->entry),
				    "address", text(f->address), "now", text(f->now),
				    "after", text(f->after), "certain", f->certain,
				    "chosen", f->chosen, "why", text(f->why)));
	}
	return array;
}

static json_t *commands(const struct steps *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; i < steps->n_commands; i++)
		push(array,
			json_pack("{s:o, s:o}", "argv", strings(steps->commands[i].argv),
				"why", text(steps->commands[i].why)));
	return array;
}

static json_t *findings(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->n_findings; i++) {
		const struct finding *f = &plan->findings[i];

		push(array,
			json_pack("{s:s, s:s, s:o, s:o}", "severity",
				severity_to_string(f->severity), "name", finding_name(f),
				"address", text(f->address), "text", text(f->text)));
	}
	return array;
}

static int changes_json(const struct steps *steps, json_t **ret, struct err *err)
{
	json_t *array = json_array();

	for (size_t i = 0; i < steps->n_changes; i++) {
		const struct change *c = &steps->changes[i];
		autofree char *diff = NULL;
		int r = diff_text(c, &diff, err);

		if (r < 0)
			return json_decref(array), r;
		push(array, json_pack("{s:o, s:o, s:o}", "path", text(c->path), "why",
				    text(c->why), "diff", text(diff)));
	}
	*ret = array;
	return 0;
}

static json_t *moves_json(const struct steps *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; i < steps->n_moves; i++) {
		const struct move *m = &steps->moves[i];

		push(array, json_pack("{s:o, s:s, s:o, s:o, s:b}", "address",
				    text(m->address), "what", m->vfs ? "vfs" : "driver",
				    "before", text(m->before), "after", text(m->after),
				    "rescan", m->rescan));
	}
	return array;
}

int json_print_plan(const struct plan *plan, struct err *err)
{
	json_t *list;
	int r = changes_json(&plan->steps, &list, err);

	if (r < 0)
		return r;
	output(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "claims", claims(plan),
		"forecast", forecasts(plan), "changes", list, "commands",
		commands(&plan->steps), "findings", findings(plan), "moves",
		moves_json(&plan->steps), "instructions", strings(plan->instructions)));
	return 0;
}

int json_print_undo(const struct set *set, const struct restore_plan *restore_plan,
	char *const *users_keep, struct err *err)
{
	json_t *list, *conflicts;
	int r = changes_json(&restore_plan->steps, &list, err);

	if (r < 0)
		return r;
	conflicts = json_array();
	for (size_t i = 0; i < restore_plan->n_conflicts; i++)
		push(conflicts, json_pack("{s:o, s:o}", "path",
					text(restore_plan->conflicts[i].path), "why",
					text(restore_plan->conflicts[i].why)));
	output(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", text(set->id),
		"changes", list, "conflicts", conflicts, "kept",
		strings(restore_plan->kept), "commands", commands(&restore_plan->steps),
		"copies", strings(restore_plan->copies), "moves",
		moves_json(&restore_plan->steps), "users_keep", strings(users_keep)));
	return 0;
}

void json_print_pruned(char *const *ids)
{
	output(json_pack("{s:o}", "sets", strings(ids)));
}

static json_t *set_json(const struct set *set)
{
	json_t *files = json_array();

	for (size_t i = 0; i < set->n_files; i++)
		push(files, text(set->files[i].path));
	return json_pack("{s:o, s:o, s:s, s:o, s:o}", "id", text(set->id), "time",
		text(set->time), "state", set_state_to_string(set->state), "summary",
		text(set->summary ?: set->problem), "files", files);
}

void json_print_history(const struct sets *sets)
{
	json_t *array = json_array();

	for (size_t i = 0; i < sets->n; i++)
		push(array, set_json(&sets->list[i]));
	output(json_pack("{s:o}", "sets", array));
}

int json_print_set(const struct set *set, const struct steps *steps, struct err *err)
{
	json_t *object, *list, *rest;
	int r = changes_json(steps, &list, err);

	if (r < 0)
		return r;
	object = set_json(set);
	rest = json_pack("{s:o, s:o, s:o}", "changes", list, "commands", commands(steps),
		"moves", moves_json(steps));
	(void)json_object_update_missing(object, rest);
	json_decref(rest);
	output(object);
	return 0;
}

static json_t *interfaces(const struct renames *renames)
{
	json_t *array = json_array();

	for (size_t i = 0; i < renames->n; i++) {
		const struct rename *r = &renames->list[i];

		push(array, json_pack("{s:o, s:i, s:o, s:o}", "path", text(r->path),
				    "line", (int)r->line, "from", text(r->from), "to",
				    strings(r->to)));
	}
	return array;
}

void json_print_verify(
	const struct results *results, const struct host *host, bool rebooted)
{
	json_t *array = json_array();

	for (size_t i = 0; i < results->n; i++) {
		const struct result *v = &results->list[i];

		push(array, json_pack("{s:o, s:o, s:b, s:o, s:o, s:o}", "address",
				    text(v->address), "expected", text(v->expected),
				    "certain", v->certain, "actual", text(v->actual),
				    "moved_to", text(v->moved_to), "why", text(v->why)));
	}
	output(json_pack("{s:b, s:o, s:b, s:o, s:o, s:o, s:o}", "as_expected",
		rebooted && results_good(results), "rebooted",
		host->disk ? json_null() : json_boolean(rebooted), "second_step",
		results->second_step, "iommu", text(results->iommu), "interfaces",
		interfaces(&host->renames), "missing_words", strings(results->missing),
		"devices", array));
}

static json_t *loaders(const struct host *host)
{
	const struct evidence *chosen = loader_pick(host, host->claims.loader);
	json_t *array = json_array();

	for (size_t i = 0; i < host->n_evidence; i++) {
		const struct evidence *e = &host->evidence[i];

		push(array, json_pack("{s:s, s:s, s:o, s:b}", "id", e->loader->id,
				    "title", e->loader->title, "why", text(e->why),
				    "boots", e == chosen));
	}
	return array;
}

void json_print_checks(const struct host *host, const struct checks *checks)
{
	json_t *array = json_array();

	for (size_t i = 0; i < checks->n; i++) {
		const struct check *c = &checks->list[i];

		push(array,
			json_pack("{s:s, s:s, s:o, s:o, s:b}", "name", c->name, "state",
				check_state_to_string(c->state), "text", text(c->text),
				"fix", text(c->fix), "plan", c->plan != CHECK_PLAN_NONE));
	}
	output(json_pack("{s:b, s:o, s:o}", "ready", checks_ready(checks) && !host->disk,
		"checks", array, "loaders", loaders(host)));
}

void json_print_export(
	const struct export_format *format, const struct export *e, const char *what)
{
	json_t *array = json_array();

	for (size_t i = 0; i < e->n; i++)
		push(array,
			json_pack("{s:o, s:b}", "address", text(e->devices[i]->address),
				"on_vfio", device_is_passed(e->devices[i])));
	output(json_pack("{s:s, s:o, s:o}", "format", format->name, "devices", array,
		"text", text(what)));
}
