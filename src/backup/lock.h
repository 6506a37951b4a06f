/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One writer at a time: /run/pciferry.lock, held with flock(2) and gone afterwards. */
#pragma once

#include "core/base/root.h"

struct lock {
	const struct root *root;
	int fd;
};

/* -EBUSY names the process that holds it, or the package manager at work. */
int lock_take(const struct root *root, struct lock *ret, struct err *err) MUST_CHECK;
void lock_drop(struct lock *lock);
