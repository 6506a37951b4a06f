// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/steps.h"
#include "core/base/strv.h"

/* NULL is copied as what it is. */
static int copy_string(const char *from, char **to)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

int steps_add_change(struct steps *steps, const struct change *from)
{
	struct change *to;

	if (GROW(steps->changes, steps->n_changes) < 0)
		return -ENOMEM;
	to = &steps->changes[steps->n_changes++];
	to->mode = from->mode;
	to->uid = from->uid;
	to->gid = from->gid;
	return copy_string(from->path, &to->path) < 0 ||
			       copy_string(from->before, &to->before) < 0 ||
			       copy_string(from->after, &to->after) < 0 ||
			       copy_string(from->why, &to->why) < 0
		       ? -ENOMEM
		       : 0;
}

int steps_add_command(struct steps *steps, const struct command *from)
{
	struct command *to;

	if (GROW(steps->commands, steps->n_commands) < 0)
		return -ENOMEM;
	to = &steps->commands[steps->n_commands++];
	return strv_copy(from->argv, &to->argv) < 0 ||
			       strv_copy(from->undo, &to->undo) < 0 ||
			       copy_string(from->why, &to->why) < 0
		       ? -ENOMEM
		       : 0;
}

int steps_add_artifact(struct steps *steps, const struct artifact *from)
{
	struct artifact *to;

	if (GROW(steps->artifacts, steps->n_artifacts) < 0)
		return -ENOMEM;
	to = &steps->artifacts[steps->n_artifacts++];
	to->command = from->command;
	to->replaced = from->replaced;
	return copy_string(from->path, &to->path) < 0 ||
			       strv_copy(from->list, &to->list) < 0 ||
			       strv_copy(from->holds, &to->holds) < 0 ||
			       copy_string(from->why, &to->why) < 0
		       ? -ENOMEM
		       : 0;
}

int steps_add_move(struct steps *steps, const struct move *from)
{
	struct move *to;

	if (GROW(steps->moves, steps->n_moves) < 0)
		return -ENOMEM;
	to = &steps->moves[steps->n_moves++];
	to->vfs = from->vfs;
	to->rescan = from->rescan;
	return copy_string(from->address, &to->address) < 0 ||
			       copy_string(from->id, &to->id) < 0 ||
			       copy_string(from->before, &to->before) < 0 ||
			       copy_string(from->after, &to->after) < 0 ||
			       copy_string(from->override_before, &to->override_before) <
				       0 ||
			       copy_string(from->override_after, &to->override_after) < 0
		       ? -ENOMEM
		       : 0;
}

int steps_copy(const struct steps *from, struct steps *steps)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < from->n_changes; i++)
		r = steps_add_change(steps, &from->changes[i]);
	for (size_t i = 0; r == 0 && i < from->n_commands; i++)
		r = steps_add_command(steps, &from->commands[i]);
	for (size_t i = 0; r == 0 && i < from->n_artifacts; i++)
		r = steps_add_artifact(steps, &from->artifacts[i]);
	for (size_t i = 0; r == 0 && i < from->n_moves; i++)
		r = steps_add_move(steps, &from->moves[i]);
	return r;
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
