/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree on the screen: columns that follow the width, one row a group or device. */
#pragma once

#include "ui/tree.h"

/* Keeps the cursor in sight, draws, and returns the screen's row of the cursor. */
int tree_draw(struct tree *t, struct area area);

/* The colour of a mark. */
enum role mark_role(enum mark mark);
