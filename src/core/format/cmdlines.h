/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel command lines inside the files of boot loaders, read and edited in place: a word
 * is appended with one blank before it, or taken out again with that blank, and no other
 * byte changes.
 */
#pragma once

#include "core/format/kargs.h"

/* Bytes [start, end) of a text that hold words. */
struct span {
	size_t start, end;
};

struct cmdline_format {
	const char *name;
	/* All spans of a text are one command line, which ends in the last of them. */
	bool joined;
	/* The next span at or after an offset that begins a line; false: there is none.
	 * end is in its last line. */
	bool (*next)(const char *text, size_t from, struct span *ret);
	/* Whether what stands around a span (a title, the name of an image) says that it
	 * is for recovery; NULL: nothing does. */
	bool (*recovery)(const char *text, struct span span);
	/* Blocks of entries, from one line that begins one to the next (NULL: the text is
	 * one), and whether one with this command line can be Linux; NULL: all are. */
	bool (*begins)(const char *line);
	bool (*boots_linux)(const char *block, char *const *kargs);
};

/* A file of nothing but words; lines that begin with # are comments (/etc/kernel/cmdline,
 * kernel-install(8), mkinitcpio(8)). */
extern const struct cmdline_format format_cmdline;
/* The same where only the first line counts (proxmox-boot-tool). */
extern const struct cmdline_format format_first_line;
/* The "options" lines of a boot loader entry (Boot Loader Specification, type 1). */
extern const struct cmdline_format format_entry;
/* limine.conf: the "cmdline:" of each entry, "kernel_cmdline:" included. */
extern const struct cmdline_format format_limine;
/* refind_linux.conf: the second quoted string of each line. */
extern const struct cmdline_format format_refind;
/* refind.conf: the quoted string behind "options" in a stanza. */
extern const struct cmdline_format format_stanza;

/* extlinux.conf, syslinux.cfg: the "append" lines that name a root file system; others
 * are for chain loaders and the like. */
extern const struct cmdline_format format_append;

extern const struct cmdline_format *const cmdline_formats[]; /* ended by NULL */

struct cmdline_edit {
	const char *root; /* lines of another root= are another system's; NULL: all are
			     this one's */
	char *const *ours; /* words that were added before; see strv.h */
	char *const *wanted; /* words that shall be there */
	char *const *ids; /* a line with an ids= of its own for vfio-pci that lacks some
			     of these gets all of them in another, which counts */
	char ***added; /* the words so made are added to this list */
	bool recovery; /* of the command lines for recovery instead of all others */
	/* ours and wanted only say whether there are any: it is the way out, as each
	 * command line needs it (kargs_way_out()). */
	bool way_out;
	bool by_words; /* "single" and the like tell which those are, nothing around */
};

/*
 * Brings the wanted words into each of this system's command lines: the new text, and in
 * *ret_n how many command lines that were.
 *
 * A word that we added before and that is not wanted any more is taken out. Where it
 * stands several times, the last one goes: we append, so that one is ours. A wanted word
 * is appended, unless we added it before and it is still there.
 *
 * These command lines stay as they are: another system's (another root=); those for
 * recovery (with edit->recovery: all others); those with a quote that is never closed,
 * where what is appended would be a part of the quoted value; those of entries that boot
 * no Linux.
 */
char *cmdlines_set(const char *text, const struct cmdline_format *format,
	const struct cmdline_edit *edit, size_t *ret_n) RETURNS_MEMORY;
/* The words of the text's first command line, whatever system it boots, and whether that
 * is for recovery; NULL: it has none. */
char **cmdlines_first(const char *text, const struct cmdline_format *format,
	bool *ret_rescue) MUST_CHECK;
/*
 * The words that all of this system's command lines have in common, without those that we
 * added before; edit->wanted is not looked at. For a loader of several files it is called
 * once for each, with the same *list and *n, NULL and 0 at first: the first command line
 * fills the list, and each further one takes out what it does not have. *n counts them.
 */
void cmdlines_kargs(const char *text, const struct cmdline_format *format,
	const struct cmdline_edit *edit, char ***list, size_t *n);
