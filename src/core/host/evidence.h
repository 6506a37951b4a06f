/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What speaks for a boot loader or an initramfs generator on a host. */
#pragma once

#include "core/base/util.h"

struct initramfs;
struct loader;

enum confidence {
	CONFIDENCE_NONE,
	CONFIDENCE_LEFT, /* what it needs is installed, but did not make this boot */
	CONFIDENCE_FILES, /* what it needs is installed */
	CONFIDENCE_CMDLINE, /* /proc/cmdline has the words it adds */
	CONFIDENCE_FIRMWARE, /* this boot's EFI variables name it */
	CONFIDENCE_ALONE, /* no other may write here, whatever loads the kernel */
};

/* What the loader takes in place of the image in /boot: see copies.c. */
struct boot_copy {
	size_t kernel; /* the index of the host's */
	char *image; /* or the unified one */
	char *entry, *linux_image; /* NULL for a unified image */
};

/* What speaks for a row on this host. */
struct evidence {
	const struct loader *loader;
	enum confidence confidence;
	char *why; /* sentences that name the files */
	char *no_prompt; /* why no words can be added at its menu; NULL: they can */
	char *by_default; /* the entry that the firmware names (LoaderEntryDefault); or
			     NULL */
	bool dropins; /* shellvar.c: the script reads the directory */
	const char *const *refresh; /* argv; NULL: nothing is to be run */
	struct boot_copy *copies;
	size_t n_copies;
	bool renewed; /* the images' command renews them */
};

void evidence_done(struct evidence *e);
void evidence_free(struct evidence *list, size_t n);

/* For the rows. Adds a sentence, and as much strength at least. */
void evidence_say(struct evidence *e, enum confidence confidence, const char *fmt, ...)
	PRINTF(3, 4);

/* What speaks for a row on this host. */
struct generator {
	const struct initramfs *row;
	int confidence;
	char *why; /* the paths, with commas between them */
	char **images; /* of the kernels, in their order; see strv.h */
	char *off; /* why its command makes none, a sentence, and what to do; or NULL */
	char *off_fix;
};

void generator_done(struct generator *g);
void generators_free(struct generator *list, size_t n);
