// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/loader/efi.h"
#include "core/base/text.h"

#include <stdint.h>

#define VARIABLES "/sys/firmware/efi/efivars/"
#define SECURE_BOOT VARIABLES "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define GLOBAL "-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define VARIABLE_MAX ((size_t)4096)

/* The first four bytes are attributes (Documentation/filesystems/efivarfs.rst). */
char *efi_text(const struct root *root, const char *variable)
{
	autofree char *data = NULL;
	char path[256];
	size_t len, n = 0;

	(void)snprintf(path, sizeof(path), VARIABLES "%s", variable);
	if (root_read(root, path, VARIABLE_MAX, &data, &len) < 0)
		return NULL;
	for (size_t i = 4; i + 1 < len && data[i]; i += 2)
		data[n++] = data[i];
	data[n] = '\0';
	return TAKE(data);
}

/* Behind the attributes 1 where it is on (UEFI specification, 3.3). */
bool efi_secure_boot(const struct root *root)
{
	autofree char *data = NULL;
	size_t len;

	return root_read(root, SECURE_BOOT, VARIABLE_MAX, &data, &len) == 0 && len == 5 &&
	       data[4] == 1;
}

static unsigned efi_u16(const char *data)
{
	return (unsigned)(uint8_t)data[0] | (unsigned)(uint8_t)data[1] << 8;
}

/* EFI_LOAD_OPTION (UEFI specification, 3.1.3): attributes, the length of the list of
 * paths, a description that ends in 0, that list, and the optional data. NULL: none. */
static char *efi_optional_data(const char *data, size_t len)
{
	size_t at = 4 + 4 + 2, n = 0;
	char *text;

	if (len < at)
		return NULL;
	while (at + 1 < len && efi_u16(data + at))
		at += 2;
	at += 2 + efi_u16(data + 8);
	if (at >= len)
		return NULL;
	text = xcalloc((len - at) / 2 + 2, 1);
	for (; at + 1 < len && efi_u16(data + at); at += 2)
		text[n++] = data[at + 1] ? '?' : data[at];
	while (n && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
	return text;
}

int efi_boot_current(const struct root *root, char **ret_name, char **ret_words)
{
	autofree char *data = NULL, *path = NULL, *entry = NULL, *name = NULL;
	size_t len;
	int r = root_read(
		root, VARIABLES "BootCurrent" GLOBAL, VARIABLE_MAX, &data, &len);

	if (r < 0)
		return r;
	if (len != 6)
		return -EINVAL;
	name = text_printf("Boot%04X", efi_u16(data + 4));
	path = text_printf(VARIABLES "%s" GLOBAL, name);
	r = root_read(root, path, VARIABLE_MAX, &entry, &len);
	if (r < 0)
		return r;
	*ret_words = efi_optional_data(entry, len);
	if (!*ret_words)
		return -ENODATA;
	*ret_name = TAKE(name);
	return 0;
}
