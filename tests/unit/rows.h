/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of plans: for a host and a wish, which files, words, commands and findings come
 * out.
 */
#pragma once

#include "support.h"

#define CLAIMS "/etc/pciferry/claims"
#define MODPROBE "/etc/modprobe.d/pciferry.conf"
#define RULES "/etc/udev/rules.d/10-pciferry.rules"
#define LOAD "/etc/modules-load.d/pciferry.conf"
#define MODULES "/etc/initramfs-tools/modules"
#define EARLY "/etc/initramfs-tools/scripts/init-top/00-pciferry"
#define DROPIN "/etc/default/grub.d/zz-pciferry.cfg"

#define DEFAULT_ON "config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n"
#define DEFAULT_OFF "config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON=n\n"
#define INTGPU_OFF DEFAULT_OFF "config 6.1 CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n"
#define AMD "text proc/cpuinfo vendor_id : AuthenticAMD\n"
/* For make_host(): leave these out. */
#define NO_GROUPS "# no groups\n"
#define NO_KERNEL "# no kernel\n"
#define NO_VFIO "# no vfio\n"

enum kind {
	HOLDS = 1, /* the file a, after the plan, holds b */
	LACKS, /* it does not, or there is no such file */
	IS, /* it is b, NULL for absent */
	REFUSED, /* a finding named a, of that severity, that says b */
	WARNED,
	TOLD,
	SILENT, /* no finding is named a */
	METHOD, /* the device a goes by the method b */
	BECOMES, /* the forecast for the device a is the driver b */
	MARKED, /* the group of the device a is b: "isolated", ... */
	NEEDED, /* the host needs the device a as b: "disk", ... */
	INSIDE, /* what a command makes, b where that is given, must hold the word a; "":
		   be there */
	ALONE, /* no command is known to make a */
	RUNS, /* the commands are these, with "; " between */
	DO, /* one of the instructions holds a */
	ACCEPTED, /* no refusal at all */
	EMPTY,
};

struct expect {
	enum kind kind;
	const char *a, *b; /* left out where the kind needs none */
};
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct row {
	const char *what, *lines, *request;
	struct expect expect[14]; /* ended by a kind of 0 */
};

/*
 * Makes the test's tree the small Debian host: a card of four functions, twin NICs, a NIC
 * whose driver is part of the kernel, a shared group, a display for the host. lines (of a
 * host file) add to it or replace files of it.
 */
void make_host(const char *lines);
/* Complains of what is not as the row says, on the tree as it is; its lines are not
 * looked at. Planning must change nothing there. */
void check_row(const struct row *row);
/* Each row on a small host of its own. */
void check_rows(const struct row *rows, size_t n);
/* What the forecast says of the device for the newest kernel. */
const char *forecast_of(const struct plan *plan, const char *address);
