/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What page_apply is to do, and page_next says what comes after. */
#pragma once

#include "backup/backup.h"
#include "ui/page.h"

struct apply_arg {
	enum way way;
	const struct plan *plan; /* to be written; NULL: the set is put back */
	const struct set *set; /* in the wizard's sets */
	bool cut_short; /* writing the set was cut short, and goes on ... */
	enum resume resume; /* ... in this direction; not looked at where it was not */
	const struct choice *choices; /* for files that others have changed since */
	size_t n_choices;
};
