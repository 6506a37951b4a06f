// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/names.h"
#include "core/base/buf.h"
#include "core/base/text.h"

#define VENDOR_WORDS 6 /* a vendor's name ends within so many words */

/* Vendors as pci.ids spells them, where dropping words is not enough. */
static const struct {
	const char *name, *brief;
} vendors[] = {
	{ "Advanced Micro Devices, Inc. [AMD/ATI] ", "AMD " },
	{ "Advanced Micro Devices, Inc. [AMD] ", "AMD " },
	{ "Broadcom Inc. and subsidiaries ", "Broadcom " },
	{ "Red Hat, Inc. ", "Red Hat " },
};

static const char *const noise[] = { "Corporation", "Corp.", "Corp", "Inc.", "Inc",
	"Inc,", "Co.,", "Co.", "Co", "Ltd.", "Ltd", "Limited", "LLC", "Technology",
	"Technologies", "Technology,", "Technologies,", "Semiconductor", "Electronics",
	"International", "Systems", "Group" };

static bool is_noise(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(noise); i++)
		if (strlen(noise[i]) == len && strncmp(word, noise[i], len) == 0)
			return true;
	return false;
}

static char *shorten(const char *name)
{
	autobuf struct buf b = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(vendors); i++) {
		const char *rest = after_prefix(name, vendors[i].name);

		if (rest) {
			buf_puts(&b, vendors[i].brief);
			buf_puts(&b, rest);
			return buf_take(&b);
		}
	}
	for (int word = 0; *name; word++) {
		size_t len = strcspn(name, " ");

		if (word == 0 || word >= VENDOR_WORDS || !is_noise(name, len)) {
			if (b.len)
				buf_puts(&b, " ");
			buf_add(&b, name, len);
		}
		name += len;
		name += strspn(name, " ");
	}
	return buf_take(&b);
}

char *name_brief(const char *name)
{
	autofree char *safe = text_escape(name);

	return shorten(safe);
}
