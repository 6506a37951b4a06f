/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A little host and a plan for it: enough of everything that a change of a host can be.
 * Its command makes boot/image of its configuration, as update-initramfs does.
 */
#pragma once

#include "support.h"
#include "backup/backup.h"

/* What a set itself leaves: all snapshots leave it out. */
extern const char *const outside_sets[];

/* Makes the host in the tree, as a sample host, whose commands really run. */
void little_host(void);
/* Puts its command there, again where a test has put another in its place. */
void little_command(void);
/* Gives a file an extended attribute. */
void little_xattr(const char *path);
/* The plan: changes a file (mode 0640, owner 7:8, an extended attribute where the file
 * system has them), a linked one, creates two in directories that are missing, removes
 * one; and runs the command. The caller's. */
struct plan *little_plan(void);
/* Once that is applied: the plan that takes it all away again, as a release does. */
struct plan *little_plan_back(void);
/* Applies it; the result of backup_apply(), its sentence in *err. */
int little_apply(struct plan *plan, bool no_run, struct err *err);
/* Undoes the newest set, or the one named; -ENOENT where there is none. */
int little_undo(const char *id, bool no_run, struct err *err);
/* Goes on with the newest set, or back; -ENOENT where it was not cut short. */
int little_resume(enum resume where, struct err *err);
bool little_unfinished(void);
/* Fails the test with the sentence that the call leaves in "why". */
#define MUST(call)                                                                       \
	do {                                                                             \
		struct err must_ = { 0 };                                                \
		struct err *why = &must_;                                                \
		if ((call) < 0)                                                          \
			fail_msg("%s: %s", #call, must_.text);                           \
	} while (0)

/* The state of a set as history shows it, NULL where there is no such set. */
const char *set_state_of(const char *id);
void check_state(const char *id, const char *want);
size_t count_sets(void);
/* The lines of output that the last apply or undo told. */
extern char *told;
/* Called with the number of each step, where it is set. */
extern void (*on_step)(size_t index);
