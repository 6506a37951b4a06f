/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot loaders: how each gets its kernel command line. One row for each, one file for
 * each; loader_detect() takes the first whose evidence holds on the host.
 */
#pragma once

#include "core/plan/build.h"

struct loader {
	const char *id; /* "grub" */
	const char *title; /* "GRUB (Debian, Ubuntu)" */
	/* Whether this is what boots the host; reads through host->root. */
	bool (*boots)(const struct host *host);
	/* The words that kernels get from its files, without those of pciferry. */
	int (*words)(const struct host *host, char ***ret, struct err *err);
	/* The same with those of pciferry, as its files have them now. */
	int (*effective)(const struct host *host, char ***ret, struct err *err);
	/* Adds the changes that give kernels these words on top; an empty list takes ours
	 * out again. */
	int (*set)(struct build *b, char *const *words);
	/* What makes the change effective. */
	const char *const *refresh;
	const char *refresh_why;
	const char *product; /* the text file that refresh writes the words into */
};

const struct loader *loader_detect(const struct host *host);

extern const struct loader loader_grub;
