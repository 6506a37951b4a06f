// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/steps.h"
#include "core/base/strv.h"

/* NULL is copied as what it is. */
static char *copy_string(const char *from)
{
	return from ? xstrdup(from) : NULL;
}

void steps_add_change(struct steps *steps, const struct change *from)
{
	struct change *to;

	GROW(steps->changes, steps->n_changes);
	to = &steps->changes[steps->n_changes++];
	to->mode = from->mode;
	to->uid = from->uid;
	to->gid = from->gid;
	to->path = copy_string(from->path);
	to->before = copy_string(from->before);
	to->after = copy_string(from->after);
	to->why = copy_string(from->why);
}

void steps_add_command(struct steps *steps, const struct command *from)
{
	struct command *to;

	GROW(steps->commands, steps->n_commands);
	to = &steps->commands[steps->n_commands++];
	to->argv = strv_copy(from->argv);
	to->undo = strv_copy(from->undo);
	to->why = copy_string(from->why);
}

void steps_add_artifact(struct steps *steps, const struct artifact *from)
{
	struct artifact *to;

	GROW(steps->artifacts, steps->n_artifacts);
	to = &steps->artifacts[steps->n_artifacts++];
	to->command = from->command;
	to->replaced = from->replaced;
	to->path = copy_string(from->path);
	to->list = strv_copy(from->list);
	to->holds = strv_copy(from->holds);
	to->why = copy_string(from->why);
}

void steps_add_move(struct steps *steps, const struct move *from)
{
	struct move *to;

	GROW(steps->moves, steps->n_moves);
	to = &steps->moves[steps->n_moves++];
	to->vfs = from->vfs;
	to->rescan = from->rescan;
	to->address = copy_string(from->address);
	to->id = copy_string(from->id);
	to->before = copy_string(from->before);
	to->after = copy_string(from->after);
	to->override_before = copy_string(from->override_before);
	to->override_after = copy_string(from->override_after);
}

void steps_copy(const struct steps *from, struct steps *steps)
{
	for (size_t i = 0; i < from->n_changes; i++)
		steps_add_change(steps, &from->changes[i]);
	for (size_t i = 0; i < from->n_commands; i++)
		steps_add_command(steps, &from->commands[i]);
	for (size_t i = 0; i < from->n_artifacts; i++)
		steps_add_artifact(steps, &from->artifacts[i]);
	for (size_t i = 0; i < from->n_moves; i++)
		steps_add_move(steps, &from->moves[i]);
}

static void change_done(struct change *c)
{
	free(c->path);
	free(c->before);
	free(c->after);
	free(c->why);
}

static void command_done(struct command *c)
{
	strv_free(c->argv);
	strv_free(c->undo);
	free(c->why);
}

static void artifact_done(struct artifact *a)
{
	free(a->path);
	strv_free(a->list);
	strv_free(a->holds);
	free(a->why);
}

static void move_done(struct move *m)
{
	free(m->address);
	free(m->id);
	free(m->before);
	free(m->after);
	free(m->override_before);
	free(m->override_after);
}

void steps_remove_change(struct steps *steps, struct change *change)
{
	struct change *end = steps->changes + steps->n_changes--;

	change_done(change);
	memmove(change, change + 1, (size_t)(end - change - 1) * sizeof(*change));
}

void steps_done(struct steps *steps)
{
	for (size_t i = 0; i < steps->n_changes; i++)
		change_done(&steps->changes[i]);
	for (size_t i = 0; i < steps->n_commands; i++)
		command_done(&steps->commands[i]);
	for (size_t i = 0; i < steps->n_artifacts; i++)
		artifact_done(&steps->artifacts[i]);
	for (size_t i = 0; i < steps->n_moves; i++)
		move_done(&steps->moves[i]);
	free(steps->changes);
	free(steps->commands);
	free(steps->artifacts);
	free(steps->moves);
	*steps = (struct steps){ 0 };
}
