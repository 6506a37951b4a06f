// SPDX-License-Identifier: GPL-2.0-or-later
/* What a plan is put together from: findings, changes, commands, products. */
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/plan/draft.h"

#include <stdarg.h>

PRINTF(4, 0)
static int add_finding(struct plan *plan, enum severity severity, const char *name,
	const char *fmt, va_list ap)
{
	struct finding *f;

	if (GROW(plan->findings, plan->n_findings) < 0)
		return -ENOMEM;
	f = &plan->findings[plan->n_findings++];
	f->severity = severity;
	f->name = strdup(name);
	f->text = text_vprintf(fmt, ap);
	return f->name && f->text ? 0 : -ENOMEM;
}

int build_finding(
	struct build *b, enum severity severity, const char *name, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = add_finding(b->plan, severity, name, fmt, ap);
	va_end(ap);
	return r;
}

int plan_warn(struct plan *plan, const char *name, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = add_finding(plan, FINDING_WARNING, name, fmt, ap);
	va_end(ap);
	plan_sort_findings(plan);
	return r;
}

static struct change *find_change(const struct build *b, const char *path)
{
	for (size_t i = 0; i < b->plan->n_changes; i++)
		if (streq(b->plan->changes[i].path, path))
			return &b->plan->changes[i];
	return NULL;
}

/* A second change of a file takes the first one's place, or both are none. */
static int replace_change(struct build *b, struct change *c, const char *after)
{
	struct plan *plan = b->plan;
	char *copy = after ? strdup(after) : NULL;

	if (after && !copy)
		return -ENOMEM;
	free(c->after);
	c->after = copy;
	if (!streq_null(c->before, c->after))
		return 0;
	change_done(c);
	plan->n_changes--;
	memmove(c, c + 1, (size_t)(plan->changes + plan->n_changes - c) * sizeof(*c));
	return 0;
}

int build_instruction(struct build *b, const char *fmt, ...)
{
	autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	return text ? strv_add(&b->plan->instructions, text) : -ENOMEM;
}

static int add_change(struct build *b, const char *path, const char *after,
	mode_t new_mode, const char *why)
{
	static const struct file absent = { .mode = 0644 }; /* one the scan cannot know */
	const struct file *f = host_file(b->host, path) ?: &absent;
	struct plan *plan = b->plan;
	struct change *c = find_change(b, path);

	if (f->problem)
		return build_finding(
			b, FINDING_REFUSAL, "unreadable-config", "%s", f->problem);
	if (c)
		return replace_change(b, c, after);
	if (streq_null(f->text, after))
		return 0;
	if (GROW(plan->changes, plan->n_changes) < 0)
		return -ENOMEM;
	c = &plan->changes[plan->n_changes++];
	c->path = strdup(path);
	c->before = f->text ? strdup(f->text) : NULL;
	c->after = after ? strdup(after) : NULL;
	c->why = strdup(why);
	c->mode = f->text ? f->mode : new_mode;
	c->uid = f->uid;
	c->gid = f->gid;
	return c->path && c->why && !c->before == !f->text && !c->after == !after
		       ? 0
		       : -ENOMEM;
}

int build_change(struct build *b, const char *path, const char *after, const char *why)
{
	return add_change(b, path, after, 0644, why);
}

int build_own(struct build *b, const char *path, const char *text, const char *why)
{
	return build_change(b, path, text, text ? why : "no claim needs it any more");
}

int build_script(struct build *b, const char *path, const char *after, const char *why)
{
	return add_change(b, path, after, 0755, why);
}

int build_command(struct build *b, const char *const *argv, const char *why)
{
	struct plan *plan = b->plan;
	struct command *c;

	if (GROW(plan->commands, plan->n_commands) < 0)
		return -ENOMEM;
	c = &plan->commands[plan->n_commands++];
	c->why = strdup(why);
	return c->why && strv_copy((char *const *)argv, &c->argv) == 0 ? 0 : -ENOMEM;
}

int build_command_undo(struct build *b, const char *const *argv, const char *const *undo,
	const char *why)
{
	if (build_command(b, argv, why) < 0)
		return -ENOMEM;
	return strv_copy(
		(char *const *)undo, &b->plan->commands[b->plan->n_commands - 1].undo);
}

size_t build_find_command(const struct build *b, const char *const *argv)
{
	size_t i = 0;

	while (i < b->plan->n_commands &&
		!strv_equal(b->plan->commands[i].argv, (char *const *)argv))
		i++;
	return i;
}

int build_product(struct build *b, size_t command, const char *path,
	const char *const *list, char *const *holds, const char *why)
{
	struct plan *plan = b->plan;
	const struct product product = { .command = command,
		.path = (char *)path,
		.list = (char **)list,
		.holds = (char **)holds,
		.why = (char *)why };

	if (GROW(plan->products, plan->n_products) < 0)
		return -ENOMEM;
	return product_copy(&product, &plan->products[plan->n_products++]);
}

const char *build_text(const struct build *b, const char *path)
{
	const struct change *c = find_change(b, path);

	return c ? c->after : host_text(b->host, path);
}

bool build_leaves(const struct build *b, const char *path)
{
	return build_text(b, path);
}

bool build_changes(const struct build *b, const char *path)
{
	for (size_t i = 0; i < b->plan->n_changes; i++)
		if (after_prefix(b->plan->changes[i].path, path))
			return true;
	return false;
}

struct device *build_device(const struct build *b, const struct claim *claim)
{
	struct device *d = host_device(b->host, claim->address);
	char id[DEVICE_ID_SIZE];

	return d && streq(device_id(d, id), claim->id) ? d : NULL;
}
