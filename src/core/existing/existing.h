/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the user has set up by hand: recognised, told with file and line, merged, and not
 * written twice. It is left as it is; what does nothing can go where that is asked for.
 */
#pragma once

#include "core/plan/draft.h"

/*
 * "FILE:LINE" of a word of the kernel command line, where a file of the host holds it as
 * a word, else "the kernel command line". The caller's.
 */
int users_word_place(const struct build *b, const char *word, char **ret) MUST_CHECK;
/* Whether such a word can be taken out of a file that the loader's words come from. */
bool users_word_goes(const struct host *host, const struct evidence *e, const char *word);
/* Where the IOMMU is to be turned on: words that switch it off are to go, where they can.
 */
int users_turn_on(struct build *b) MUST_CHECK;
/* Merges the user's ids= and ours: b->ids, or b->users_ids where no ID of ours is missing
 * there; tells what becomes of each. */
int users_ids(struct build *b) MUST_CHECK;
/* "FILE:LINE" of the user's ids= that names the device; *ret stays NULL where none does.
 */
int users_ids_place(const struct build *b, const struct device *d, char **ret) MUST_CHECK;
/* Tells of the user's own overrides, and which devices of a release they keep. */
int users_tell_devices(struct build *b) MUST_CHECK;
/* Tells what else is there, and what of it has no effect. */
int users_tell(struct build *b) MUST_CHECK;

/* With the loader's changes made: takes out the words that do nothing, where asked for.
 */
int users_clean_words(struct build *b) MUST_CHECK;

/* Its parts: the lists of modules, the words of the kernel command line. */
int users_tell_lists(struct build *b) MUST_CHECK;
int users_tell_words(struct build *b) MUST_CHECK;
