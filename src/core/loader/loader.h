/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot loaders: how each gets its kernel command line. One row of the table (loaders.c)
 * for each; what rows share is in inplace.c (lines edited in place) and shellvar.c (a
 * variable that a script reads). loader_detect() takes what really boots this host, by
 * evidence.
 */
#pragma once

#include "core/format/cmdlines.h"
#include "core/host/probe.h"
#include "core/plan/draft.h"

struct boot_entries;

/* What loads the kernel: what LoaderInfo and /proc/cmdline can tell apart. */
enum loader_by {
	BY_UNKNOWN,
	BY_GRUB,
	BY_SYSTEMD_BOOT,
	BY_LIMINE,
	BY_REFIND,
	BY_SYSLINUX, /* puts BOOT_IMAGE= there, as GRUB does */
	BY_STUB, /* a unified kernel image: its own EFI stub */
};

/* A file, or with a / at its end all *.conf of a directory, edited in place. */
struct loader_file {
	const char *path;
	const struct cmdline_format *format;
	const char *variable; /* a shell's instead, where format is NULL */
	bool make; /* where it is not there, from this boot's command line */
};

/* A variable in files that a script sources: main, then those of dir in the order of
 * their names. */
struct loader_variable {
	const char *script; /* tells, by naming it, whether dir is read */
	const char *main, *dir, *dropin; /* the directory's files end as the drop-in */
	const char *name; /* of the variable ours go to */
	const char *all; /* another one that the same kernels get, or NULL */
	const char *unset; /* what the script takes where name is not set, or NULL */
	const char *note; /* comment lines for the drop-in, or NULL */
};

struct loader {
	const char *id; /* "grub" */
	const char *title; /* "GRUB (Debian, Ubuntu)" */
	enum loader_by by;
	/* Paths, ended by NULL, that must or must not be there. */
	const char *const *needs, *const *absent;
	/* Whether it still speaks for the row then; may fill *e; reads the host.
	 * NULL: it does. */
	bool (*detect)(const struct probe *p, struct evidence *e);
	/* One of the two, for the functions in inplace.c and shellvar.c: files of theirs
	 * are watched. */
	const struct loader_file *files; /* ended by a path of NULL */
	const struct loader_variable *variable;
	/* What else it reads or changes. */
	const struct watched *watched;
	/*
	 * The words that kernels get from its files, without those of pciferry or with
	 * them; NULL where they are not ours to read.
	 */
	int (*kargs)(const struct host *host, const struct evidence *e, bool with_ours,
		char ***ret, struct err *err);
	/* What its files offer to boot (entries.h); NULL where they are not ours to read,
	 * or not known. */
	void (*entries)(const struct host *host, const struct evidence *e,
		struct boot_entries *ret);
	/* Adds the changes that give kernels these words on top; an empty list takes ours
	 * out again. */
	void (*edit)(struct draft *draft, const struct evidence *e, char *const *kargs);
	/* What makes the change effective, where evidence has none; refresh_why is for
	 * both. */
	const char *const *refresh;
	const char *refresh_why;
	const char *artifact; /* the text file it writes the words into */
	/* Adds what else the plan's commands make for the loader, once all are known,
	 * with copies_artifact(). */
	void (*artifacts)(struct draft *draft, char *const *kargs);
	/* Nothing is written on such a host: adds what to do by hand. */
	void (*instruct)(struct draft *draft, char *const *kargs);
	bool words_only; /* but for the words on the command line, files are written */
};

/* Proxmox VE lists the ESPs that proxmox-boot-tool keeps here. */
#define PROXMOX_UUIDS "/etc/kernel/proxmox-boot-uuids"

#define KERNEL_CMDLINE "/etc/kernel/cmdline"
/* What kernel-install and mkinitcpio take where that is not there. */
#define DISTRIBUTION_CMDLINE "/usr/lib/kernel/cmdline"
#define BLS_ENTRIES "/boot/loader/entries/"

/* GRUB's variable: Debian reads the directory, others only the main file. */
#define GRUB_VARIABLE                                                                    \
	.main = "/etc/default/grub", .dir = "/etc/default/grub.d/",                      \
	.dropin = "/etc/default/grub.d/zz-pciferry.cfg",                                 \
	.name = "GRUB_CMDLINE_LINUX_DEFAULT", .all = "GRUB_CMDLINE_LINUX",               \
	.note = "# Recovery entries do not read this variable and stay as they are.\n"

/* Where entries of the Boot Loader Specification are. */
#define ENTRIES                                                                          \
	{ .path = "/efi/loader/entries/", .format = &format_entry },                     \
		{ .path = "/boot/efi/loader/entries/", .format = &format_entry },        \
	{                                                                                \
		.path = "/boot/loader/entries/", .format = &format_entry                 \
	}
