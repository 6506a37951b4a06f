/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pciferry --help, and pciferry VERB --help. */
#pragma once

#include "cli/cli.h"

/* On standard output; of everything where verb is NULL. */
void help_print(const struct verb *verb);
