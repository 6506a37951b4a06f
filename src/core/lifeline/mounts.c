// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lifeline/mounts.h"

int mounts_read(const struct root *root, struct mounts *ret)
{
	autofree char *text = NULL;
	int r = root_read(root, "/proc/self/mountinfo", ROOT_TEXT_MAX * 8, &text, NULL);

	if (r < 0)
		return r;
	mounts_parse(text, ret);
	return 0;
}
