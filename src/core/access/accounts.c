// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/access/accounts.h"
#include "core/access/access.h"

/* "NAME:PASSWORD:NUMBER:...", in both files. */
bool account_find(const char *text, const char *name, unsigned long *ret_id)
{
	for (const char *line = text; line && *line;) {
		const char *end = strchrnul(line, '\n'),
			   *field = after_prefix(line, name);
		const char *colon =
			field && *field == ':' ? strchr(field + 1, ':') : NULL;
		char *after;

		if (colon && colon < end) {
			*ret_id = strtoul(colon + 1, &after, 10);
			if (after > colon + 1 && (*after == ':' || after == end))
				return true;
		}
		line = end + (*end == '\n');
	}
	return false;
}
