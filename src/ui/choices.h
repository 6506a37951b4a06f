/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a key on the plan page chooses for the host as a whole. Each call puts the next
 * possible value into the claims, and after the last one none. It returns a sentence that
 * tells which it is now, the caller's.
 */
#pragma once

#include "core/host/probe.h"

typedef char *choose_fn(const struct probe *p, struct claims *claims);

choose_fn choose_loader; /* which boot loader the words for the kernel go to */
choose_fn choose_initramfs; /* what makes the initramfs */
choose_fn choose_acs_override; /* pcie_acs_override= */
