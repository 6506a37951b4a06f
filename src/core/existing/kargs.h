/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's own kernel arguments. */
#pragma once

#include "core/existing/existing.h"

/*
 * "FILE:LINE" of a word of the kernel command line, where a file of the host holds it as
 * a word, else "the kernel command line". The caller's.
 */
char *existing_karg_place(const struct host *host, const char *word) RETURNS_MEMORY;

/* The same in that one file. */
char *existing_karg_place_in(
	const struct draft *draft, const char *path, const char *word) RETURNS_MEMORY;

/* Whether such a word can be taken out of a file that the loader's words come from. */
bool existing_karg_goes(
	const struct host *host, const struct evidence *e, const char *word);

/* Whether an "intel_iommu=on,igfx_off" can go so, with nothing else in it that is lost.
 */
bool existing_igfx_goes(
	const struct host *host, const struct evidence *e, const char *word);

/* Where the IOMMU is to be turned on: words that switch it off are to go, where they can.
 */
void existing_turn_on(struct draft *draft);

/* Where pcie_acs_override= is not wanted any more: the user's own goes, too. */
void existing_acs_off(struct draft *draft);

/* With the loader's changes made: takes out the words that do nothing, where asked for.
 */
void existing_clean_kargs(struct draft *draft);

void existing_tell_kargs(struct draft *draft);
