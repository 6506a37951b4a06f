/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share. Each has LLVMFuzzerTestOneInput(), for libFuzzer (see run)
 * or for replay.c, which feeds it the files of its corpus.
 */
#pragma once

#include <stdint.h>

#include "core/base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program: libFuzzer keeps the input then, make check fails. */
#define MUST(condition)                                                                  \
	do {                                                                             \
		if (!(condition)) {                                                      \
			(void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, \
				#condition);                                             \
			abort();                                                         \
		}                                                                        \
	} while (0)

/* The input as a text; it ends at the first NUL, as files with one are refused before. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	MUST(text);
	return text;
}
