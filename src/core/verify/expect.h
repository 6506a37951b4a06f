/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forecast as it is kept with a backup set. */
#pragma once

#include "core/verify/verify.h"

void expectations_done(struct expectations *e);

void expectations_from(
	const struct host *host, const struct plan *plan, struct expectations *ret);

/* A copy; reversed, before and after are exchanged and no words are ours: what undoing it
 * promises. */
void expectations_copy(
	const struct expectations *from, bool reversed, struct expectations *ret);
