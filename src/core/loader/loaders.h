/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of boot loaders, and which of them boots this host. */
#pragma once

#include "core/loader/loader.h"

/* The rows, ended by NULL. */
extern const struct loader *const loader_table[];

/* What the rows read or change. */
void loader_watch(struct watches *watches);
/* Fills the host's evidence, the strongest first. */
void loader_detect(const struct probe *p);
/* Whether nothing tells the first two apart. */
bool loader_conflict(const struct host *host);
/* What boots the host: the user's choice (an id; NULL for none) where something speaks
 * for it, else the strongest. NULL: none is known, or the user has to choose. */
const struct evidence *loader_pick(const struct host *host, const char *choice);
bool loader_known(const char *id);

/* The arguments that kernels get from the loader's files; where none is known (e NULL),
 * or its files are not ours to read, those of this boot. */
int loader_kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err) MUST_CHECK;
