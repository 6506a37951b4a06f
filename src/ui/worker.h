/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work that must not end half-way, in a process and session of its own: a lost terminal,
 * one that takes no more output, a signal or a crash of the wizard do not touch it. It
 * reports over a socket, and does not wait for a wizard that does not read.
 */
#pragma once

#include <sys/types.h>

#include "backup/exec.h"

enum worker_kind {
	WORKER_STEP, /* a step begins: index, total, text */
	WORKER_OUTPUT, /* a line of a command's output: text */
	WORKER_RESULT, /* the last one: code and text as in struct err, id */
	WORKER_GONE, /* it ended without a result, or out of memory: text says how */
};

struct worker_event {
	enum worker_kind kind;
	int code;
	size_t index, total;
	char id[32];
	char text[4096]; /* longer lines are cut */
};

struct worker {
	pid_t pid;
	int fd; /* readable when an event is there */
};

/* Does the work: as backup_apply() and backup_restore(). */
typedef int worker_job(
	void *data, const struct progress *progress, char **ret_id, struct err *err);

int worker_start(
	struct worker *worker, worker_job *job, void *data, struct err *err) MUST_CHECK;
/* Waits for the next event. After WORKER_RESULT or WORKER_GONE there is none. */
void worker_next(struct worker *worker, struct worker_event *ret);
