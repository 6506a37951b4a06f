/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text files that plans read or may change, read into struct host. */
#pragma once

#include "core/host/host.h"

/* Unreadable files get a problem, not an error; 0 or -ENOMEM. */
int files_scan(struct host *host) MUST_CHECK;
