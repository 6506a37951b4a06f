/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of scripts that are understood: script.h has the list. */
#pragma once

#include "core/host/act.h"

/* How a command ended, or a condition. */
enum outcome {
	OUTCOME_TRUE, /* as it does on a host where all is as the script wants it */
	OUTCOME_FALSE,
	OUTCOME_UNKNOWN,
	OUTCOME_DONE, /* no condition: it did something */
	OUTCOME_RAN, /* a program that is not known: it may have been to ask */
};

struct shape {
	char **words; /* expanded (expand.h); the first is the program */
	char **outs; /* files that its output goes to */
	const char *piped; /* what comes by "|"; NULL: not known, or nothing */
	struct act base; /* path, line and stage of what is found */
	bool doubtful; /* under a condition that only running would tell */
	struct acts *ret;
	char *prints; /* what it gives to the next one; the caller's */
};

enum outcome shape_run(struct shape *s);
/* How many of the words only say how the program is run: sudo, exec. */
size_t shape_wrappers(char *const *words);
/* Its name, of a path where programs usually are. */
const char *shape_program(const char *word);
bool shape_is_shell(const char *name);
