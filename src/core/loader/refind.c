// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rEFInd: it finds kernels by itself and reads their options from refind_linux.conf
 * beside them, a line for each way to boot them. Nothing is to be run.
 */
#include "core/loader/loader.h"

static const struct loader_file files[] = {
	{ .path = "/boot/refind_linux.conf", .format = &format_refind },
	{ 0 },
};
static const char *const needs[] = { "/boot/refind_linux.conf", NULL };

const struct loader loader_refind = {
	.id = "refind",
	.title = "rEFInd",
	.by = BY_REFIND,
	.needs = needs,
	.files = files,
	.words = inplace_words,
	.set = inplace_set,
};
