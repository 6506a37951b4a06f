/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what is mounted, and what should be. */
#pragma once

#include "core/base/root.h"
#include "core/host/places.h"
#include "core/host/probe.h"

/* What cannot be read is not known: see struct places. */
void places_read(const struct root *root, struct places *ret);
/* Fills the host's. */
void scan_places(const struct probe *p);
