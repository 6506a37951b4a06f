/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen: the page on top, with header, message and footer around it. */
#pragma once

#include "ui/session.h"

#define SCREEN_MIN_W 60
#define SCREEN_MIN_H 15

/* Whether the screen holds a page; else all it shows is what it needs. */
bool frame_fits(void);
/* Draws all of it, and leaves it to the caller to show it. */
void frame_paint(struct wizard *w);
/* Draws and shows all of it. */
void frame_show(struct wizard *w);
