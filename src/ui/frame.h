/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is around every page: header, message, footer. */
#pragma once

#include "ui/page.h"

#define SCREEN_MIN_W 60
#define SCREEN_MIN_H 15

/* Draws them and returns what is left for the page. */
struct area frame_draw(struct wizard *w);
/* Over the page: a message can take more than one row. */
void frame_draw_message(struct wizard *w);
/* All that a screen below the minimum shows. */
void frame_draw_too_small(void);
