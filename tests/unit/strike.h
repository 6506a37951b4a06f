/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work that is struck at its n-th system call: by a power cut, or by an error. The work
 * runs in a PID namespace of its own, and every call that changes something, starts
 * something or makes it last stops there first (seccomp_unotify(2)); its commands' calls
 * too.
 */
#pragma once

#include "support.h"

struct strike {
	const char *name; /* "power cut", "ENOSPC" */
	int error; /* what the call fails with; 0: all processes are killed */
	bool on; /* all later calls fail as well */
	bool looks; /* it also strikes where something is only opened or listed */
};

/* -1: there is no n-th call, and the work came to its end well; else its result: 0, 1
 * where it failed, or 2 where it was cut. */
int struck_at(int (*work)(void), size_t n, const struct strike *strike);
