// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rEFInd: it finds kernels by itself and reads their options from refind_linux.conf
 * beside them, a line for each way to boot them; and it has the stanzas of its own
 * refind.conf, each with options of its own. Nothing is to be run.
 */
#include "core/base/strv.h"
#include "core/loader/loader.h"

#define LINUX "/boot/refind_linux.conf"

static const struct loader_file files[] = {
	{ .path = LINUX, .format = &format_refind },
	{ .path = "/boot/efi/EFI/refind/refind.conf", .format = &format_stanza },
	{ .path = "/efi/EFI/refind/refind.conf", .format = &format_stanza },
	{ .path = "/boot/EFI/refind/refind.conf", .format = &format_stanza },
	{ .path = "/boot/efi/EFI/BOOT/refind.conf", .format = &format_stanza },
	{ .path = "/efi/EFI/BOOT/refind.conf", .format = &format_stanza },
	{ .path = "/boot/EFI/BOOT/refind.conf", .format = &format_stanza },
	{ 0 },
};

/* The refind.conf that comes with it has stanzas of other systems, as examples: only one
 * with this root file system speaks for it. */
static bool look(const struct probe *p, struct evidence *e)
{
	autostrv char **words = NULL;

	if (root_exists(p->root, LINUX))
		return evidence_say(e, SPEAKS_FILES, LINUX " is here.") == 0;
	return p->host->cmdline && strstr(p->host->cmdline, "root=") &&
	       inplace_words(p->host, e, true, &words, NULL) == 0 &&
	       words_value(words, "root") && inplace_look(p, e);
}

const struct loader loader_refind = {
	.id = "refind",
	.title = "rEFInd",
	.by = BY_REFIND,
	.detect = look,
	.files = files,
	.words = inplace_words,
	.set = inplace_set,
};
