/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user chooses for the host as a whole: each call takes the next of the values
 * there are, or none again after the last. say is the sentence for that. 0 or -ENOMEM. */
#pragma once

#include "core/host/probe.h"

typedef int choose_fn(const struct probe *p, struct claims *claims, char **say);

choose_fn choose_loader; /* which boot loader the words for the kernel go to */
choose_fn choose_initramfs; /* what makes the initramfs */
choose_fn choose_acs_override; /* pcie_acs_override= */
