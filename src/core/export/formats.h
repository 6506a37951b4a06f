/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of export formats. */
#pragma once

#include "core/export/export.h"

/* The rows, ended by NULL. */
extern const struct export_format *const export_table[];
const struct export_format *export_find(const char *name);
char *export_text(
	const struct export_format *format, const struct export *e) RETURNS_MEMORY;
