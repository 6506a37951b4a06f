/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every generator's images need. */
#pragma once

#include "core/plan/draft.h"

/* Our files that images must have under the same paths: those that the plan leaves. */
char **initramfs_files(const struct draft *draft) MUST_CHECK;

/* Has vfio-pci and our files in the images, or takes them out, and has the images made
 * anew where that is needed. */
void images_write(struct draft *draft);
