/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's messages, as /dev/kmsg hands them out: those still in its ring, oldest
 * first (Documentation/ABI/testing/dev-kmsg).
 */
#pragma once

#include <stdint.h>

#include "core/base/root.h"

struct klog_line {
	uint64_t usec; /* since boot */
	char *text;
};

struct klog {
	struct klog_line *list;
	size_t n;
};

/* 0 or a negative errno: only root may read it where kernel.dmesg_restrict is set. */
int klog_read(const struct root *root, struct klog *ret) MUST_CHECK;
void klog_done(struct klog *log);
