/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware's variables of this boot say (efivarfs). */
#pragma once

#include "core/base/root.h"

/* The Boot Loader Interface's variables: what loaded the kernel, and the stub that it
 * was. */
#define EFI_LOADER_INFO "LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define EFI_ENTRY_DEFAULT "LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define EFI_STUB_INFO "StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* A variable's text, its UTF-16 taken for ASCII; NULL where there is none. */
char *efi_text(const struct root *root, const char *variable);
/* Whether the firmware checks what it boots; false where it does not tell. */
bool efi_secure_boot(const struct root *root);
/*
 * The entry of this boot: the name of its variable, "Boot0001", and its optional data as
 * text, which is the command line of a kernel that the firmware starts itself. A negative
 * errno where there is none.
 */
int efi_boot_current(
	const struct root *root, char **ret_name, char **ret_words) MUST_CHECK;
