// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/edit/modlist.h"
#include "core/base/strv.h"
#include "core/edit/modprobe.h"

int module_list_has(const char *text, const char *name, bool *ret)
{
	autostrv char **lines = NULL;
	bool has = false;

	if (text && strv_split(text, "\n", &lines) < 0)
		return -ENOMEM;
	strv_foreach (line, lines) {
		size_t n = strspn(line, " \t");

		line[n + strcspn(line + n, " \t\r")] = '\0';
		has |= module_name_equal(line + n, name);
	}
	*ret = has;
	return 0;
}
