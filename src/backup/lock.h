/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One writer at a time: /run/pciferry.lock, held with flock(2) and gone afterwards.
 * Commands inherit it: where pciferry is killed and what it ran goes on, nobody gets in
 * between.
 */
#pragma once

#include "core/base/root.h"

struct lock {
	const struct root *root;
	int fd;
};

/* -EBUSY names the process that holds it, or the package manager at work. */
int lock_take(const struct root *root, struct lock *ret, struct err *err) MUST_CHECK;
/* In a child that is about to be this program: the lock is its as well. */
void lock_inherit(int fd, const char *program);
void lock_drop(struct lock *lock);
