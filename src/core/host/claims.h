/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/pciferry/claims: what the user wants handed over. The single source from which
 * every drop-in is made; people may edit it by hand.
 *
 *     # comment
 *     0000:01:00.0 10de:2684 1043:88e2 ids
 *     option iommu=pt
 *
 * A device's line is address, vendor:device, subsystem ("-" where unknown) and method.
 */
#pragma once

#include "core/base/err.h"

#define CLAIMS_PATH "/etc/pciferry/claims"

struct claim {
	char *address;
	char *id; /* "10de:2684" */
	char *subsystem; /* "1043:88e2", or "-" */
	char *method; /* "ids", "override", ...; a row of method_table */
};

struct claims {
	struct claim *list; /* by address */
	size_t n;
	bool iommu_pt; /* the user asked for iommu=pt */
};

void claims_done(struct claims *claims);
/* text NULL: no claims. err names CLAIMS_PATH and the line. */
int claims_parse(const char *text, struct claims *ret, struct err *err) MUST_CHECK;
/* The file's text; NULL where nothing is claimed, for then there is no file. */
int claims_format(const struct claims *claims, char **ret) MUST_CHECK;
int claims_copy(const struct claims *from, struct claims *ret) MUST_CHECK;

struct claim *claims_find(const struct claims *claims, const char *address);
/* Adds a claim, or changes the method of the one that is there; 0 or -ENOMEM. */
int claims_set(struct claims *claims, const char *address, const char *id,
	const char *subsystem, const char *method) MUST_CHECK;
void claims_remove(struct claims *claims, const char *address);
bool claims_equal(const struct claims *a, const struct claims *b);
