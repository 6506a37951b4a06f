// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/loader/efi.h"

#define VARIABLES "/sys/firmware/efi/efivars/"
#define SECURE_BOOT VARIABLES "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
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
