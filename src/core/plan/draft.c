// SPDX-License-Identifier: GPL-2.0-or-later
/* What a plan is put together from: findings, changes, commands, artifacts. */
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/plan/draft.h"

#include <stdarg.h>

PRINTF(5, 0)
static void add_finding(struct plan *plan, enum severity severity, enum finding_id id,
	const char *address, const char *fmt, va_list ap)
{
	struct finding *f;

	GROW(plan->findings, plan->n_findings);
	f = &plan->findings[plan->n_findings++];
	f->id = id;
	f->severity = severity;
	f->address = address ? xstrdup(address) : NULL;
	f->text = text_vprintf(fmt, ap);
}

void draft_finding(struct draft *draft, enum severity severity, enum finding_id id,
	const char *address, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_finding(draft->plan, severity, id, address, fmt, ap);
	va_end(ap);
}

void plan_warn(
	struct plan *plan, enum finding_id id, const char *address, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_finding(plan, FINDING_WARNING, id, address, fmt, ap);
	va_end(ap);
	plan_sort_findings(plan);
}

static struct change *find_change(const struct draft *draft, const char *path)
{
	for (size_t i = 0; i < draft->plan->steps.n_changes; i++)
		if (streq(draft->plan->steps.changes[i].path, path))
			return &draft->plan->steps.changes[i];
	return NULL;
}

/* A second change of a file takes the first one's place, or both are none. */
static void replace_change(struct draft *draft, struct change *c, const char *after)
{
	char *copy = after ? xstrdup(after) : NULL;

	free(c->after);
	c->after = copy;
	if (streq_null(c->before, c->after))
		steps_remove_change(&draft->plan->steps, c);
}

void draft_instruction(struct draft *draft, const char *fmt, ...)
{
	autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	strv_add(&draft->plan->instructions, text);
}

static void add_change(struct draft *draft, const char *path, const char *after,
	mode_t new_mode, const char *why)
{
	static const struct file absent = { .mode = 0644 }; /* one the scan cannot know */
	const struct file *f = host_file(draft->host, path) ?: &absent;
	struct change *c = find_change(draft, path);
	const struct change change = { .path = (char *)path,
		.before = f->text,
		.after = (char *)after,
		.mode = f->text ? f->mode : new_mode,
		.uid = f->uid,
		.gid = f->gid,
		.why = (char *)why };

	if (f->problem) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNREADABLE_CONFIG, NULL, "%s",
			f->problem);
		return;
	}
	if (c)
		replace_change(draft, c, after);
	else if (!streq_null(f->text, after))
		steps_add_change(&draft->plan->steps, &change);
}

void draft_change(
	struct draft *draft, const char *path, const char *after, const char *why)
{
	add_change(draft, path, after, 0644, why);
}

void draft_own(struct draft *draft, const char *path, const char *text, const char *why)
{
	draft_change(draft, path, text, text ? why : "no claim needs it any more");
}

void draft_script(
	struct draft *draft, const char *path, const char *after, const char *why)
{
	add_change(draft, path, after, 0755, why);
}

void draft_command(struct draft *draft, const char *const *argv, const char *why)
{
	draft_command_undo(draft, argv, NULL, why);
}

void draft_command_undo(struct draft *draft, const char *const *argv,
	const char *const *undo, const char *why)
{
	const struct command command = {
		.argv = (char **)argv, .undo = (char **)undo, .why = (char *)why
	};

	steps_add_command(&draft->plan->steps, &command);
}

size_t draft_find_command(const struct draft *draft, const char *const *argv)
{
	size_t i = 0;

	while (i < draft->plan->steps.n_commands &&
		!strv_equal(draft->plan->steps.commands[i].argv, (char *const *)argv))
		i++;
	return i;
}

void draft_artifact(struct draft *draft, size_t command, const char *path,
	const char *const *list, char *const *holds, const char *why)
{
	const struct artifact artifact = { .command = command,
		.path = (char *)path,
		.list = (char **)list,
		.holds = (char **)holds,
		.why = (char *)why };

	steps_add_artifact(&draft->plan->steps, &artifact);
}

const char *draft_text(const struct draft *draft, const char *path)
{
	const struct change *c = find_change(draft, path);

	return c ? c->after : host_text(draft->host, path);
}

bool draft_leaves(const struct draft *draft, const char *path)
{
	return draft_text(draft, path);
}

bool draft_changes(const struct draft *draft, const char *path)
{
	for (size_t i = 0; i < draft->plan->steps.n_changes; i++)
		if (after_prefix(draft->plan->steps.changes[i].path, path))
			return true;
	return false;
}

struct device *draft_device(const struct draft *draft, const struct claim *claim)
{
	struct device *d = host_device(draft->host, claim->address);
	char id[DEVICE_ID_SIZE];

	return d && streq(device_id(d, id), claim->id) ? d : NULL;
}
