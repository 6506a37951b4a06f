// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rEFInd: it finds kernels by itself and reads their options from refind_linux.conf
 * beside them, a line for each way to boot them; and it has the stanzas of its own
 * refind.conf, each with options of its own. Nothing is to be run.
 */
#include "core/base/strv.h"
#include "core/loader/entries.h"
#include "core/loader/inplace.h"
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
static bool refind_look(const struct probe *p, struct evidence *e)
{
	autostrv char **kargs = NULL;

	if (root_exists(p->root, LINUX)) {
		evidence_say(e, CONFIDENCE_FILES, LINUX " is here.");
		return true;
	}
	return p->host->cmdline && strstr(p->host->cmdline, "root=") &&
	       inplace_kargs(p->host, e, true, &kargs, NULL) == 0 &&
	       kargs_value(kargs, "root") && inplace_detect(p, e);
}

const struct loader loader_refind = {
	.id = "refind",
	.title = "rEFInd",
	.by = BY_REFIND,
	.detect = refind_look,
	.files = files,
	.kargs = inplace_kargs,
	.entries = inplace_entries,
	.edit = inplace_edit,
};
