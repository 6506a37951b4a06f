/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for the kernel that stand where nothing reads them: in the files of another boot
 * loader than the one that boots this host, or in a directory that its script does not
 * source.
 */
#pragma once

#include "core/loader/loader.h"

struct unread_word {
	const char *path; /* the host's */
	size_t line;
	char *word;
};

struct unread {
	struct unread_word *list; /* each word once, where it stands first */
	size_t n;
	const char *title, *from; /* of what boots the host, and its file; the host's or
				     the row's */
};

void unread_done(struct unread *unread);
/*
 * Those that matter (karg_matters()) and that has, the words which kernels do get, lacks.
 * None where e is NULL, or the host is one that another program keeps.
 */
void unread_find(const struct host *host, const struct evidence *e, char *const *has,
	struct unread *ret);
/* "FILE:LINE has WORD, but LOADER boots this host from FILE." */
char *unread_sentence(const struct unread *unread, size_t i) RETURNS_MEMORY;
