// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/loader/efi.h"

#define VARIABLES "/sys/firmware/efi/efivars/"
#define SECURE_BOOT VARIABLES "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define VARIABLE_MAX ((size_t)4096)

/* The first four bytes are attributes (Documentation/filesystems/efivarfs.rst). */
int efi_text(const struct root *root, const char *variable, char **ret)
{
	autofree char *data = NULL;
	char path[256];
	size_t len, n = 0;
	int r;

	(void)snprintf(path, sizeof(path), VARIABLES "%s", variable);
	r = root_read(root, path, VARIABLE_MAX, &data, &len);
	if (r < 0)
		return *ret = NULL, r == -ENOMEM ? r : 0;
	for (size_t i = 4; i + 1 < len && data[i]; i += 2)
		data[n++] = data[i];
	data[n] = '\0';
	*ret = TAKE(data);
	return 0;
}

/* Behind the attributes 1 where it is on (UEFI specification, 3.3). */
bool efi_secure_boot(const struct root *root)
{
	autofree char *data = NULL;
	size_t len;

	return root_read(root, SECURE_BOOT, VARIABLE_MAX, &data, &len) == 0 && len == 5 &&
	       data[4] == 1;
}
