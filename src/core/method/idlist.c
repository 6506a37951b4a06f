// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/method/idlist.h"
#include "core/base/strv.h"

#include <ctype.h>

#define ANY UINT32_MAX /* PCI_ANY_ID */

enum { VENDOR, DEVICE, SUBVENDOR, SUBDEVICE, CLASS, CLASS_MASK, N_FIELDS };

/* How many fields were read; the others keep what they are. */
static size_t read_fields(const char *entry, uint32_t fields[N_FIELDS])
{
	for (size_t n = 0; n < N_FIELDS; n++) {
		char *end;

		while (isspace((unsigned char)*entry))
			entry++;
		if (!isxdigit((unsigned char)*entry))
			return n;
		fields[n] = (uint32_t)strtoul(entry, &end, 16);
		if (*end != ':')
			return n + 1;
		entry = end + 1;
	}
	return N_FIELDS;
}

bool id_valid(const char *entry)
{
	uint32_t fields[N_FIELDS];

	return read_fields(entry, fields) > DEVICE;
}

static bool is(int32_t have, uint32_t want)
{
	return want == ANY || (have >= 0 && (uint32_t)have == want);
}

bool id_names(const char *entry, const struct device *d)
{
	uint32_t f[N_FIELDS] = { ANY, ANY, ANY, ANY, 0, 0 };

	return read_fields(entry, f) > DEVICE && is(d->vendor, f[VENDOR]) &&
	       is(d->device, f[DEVICE]) && is(d->subvendor, f[SUBVENDOR]) &&
	       is(d->subdevice, f[SUBDEVICE]) &&
	       !((f[CLASS] ^ (uint32_t)d->class) & f[CLASS_MASK]);
}

bool id_list_names(char *const *list, const struct device *d)
{
	strv_foreach (entry, list)
		if (id_names(entry, d))
			return true;
	return false;
}
