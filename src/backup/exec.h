/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a program of the host: argv, never a shell; a fixed PATH and environment;
 * standard input closed, output and errors in one pipe, a session of its own so that a
 * lost terminal does not end it.
 *
 *  live root     it runs as it is
 *  offline root  it runs in a chroot, in a mount namespace of its own that has /proc,
 *                /dev, /run and (where the root has none) /sys; the mounts end with it
 *  sample host   its script runs by /bin/sh in the sample's directory
 */
#pragma once

#include "core/base/root.h"
#include "core/plan/plan.h"

/* How long work goes on is told as it goes; every member may be NULL. */
struct progress {
	/* A step begins: "write /etc/...", "run update-grub"; index counts from 0. */
	void (*step)(void *data, size_t index, size_t total, const char *what);
	/* A line of a command's output, made safe for a terminal (text.h). */
	void (*output)(void *data, const char *line);
	/* Called at least ten times a second while a command runs. */
	void (*tick)(void *data);
	void *data;
};

/* 1: the root has the program and this process may run it there, 0: not so; -errno. */
int exec_possible(
	const struct root *root, const char *program, struct err *err) MUST_CHECK;

/*
 * Runs and waits. log_fd takes a copy of the raw output (-1 for none); lock_fd is the
 * lock that the program has too as long as it runs, see lock.h (-1 for none). 0, or
 * -errno with the exit status and the last lines of output in err.
 */
int exec_command(const struct root *root, char *const *argv, int log_fd, int lock_fd,
	const struct progress *progress, struct err *err) MUST_CHECK;

/* As exec_command(), for a program that only tells something: its output whole. */
int exec_read(const struct root *root, char *const *argv, char **ret,
	struct err *err) MUST_CHECK;

/* One of our own host's tools, its output captured whole: for diff(1). status is the exit
 * status; input_fds are kept open in the child. */
int exec_capture(char *const *argv, const int *keep_fds, size_t n_fds, char **ret,
	int *ret_status, struct err *err) MUST_CHECK;

/* A file of its own with the text (NULL: an empty one), for such a tool to open by
 * /proc/self/fd: a descriptor, or -errno. */
int exec_input(const char *text) MUST_CHECK;
