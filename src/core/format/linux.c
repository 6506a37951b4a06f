// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/linux.h"
#include "core/format/kargs.h"

const char *line_value(const char *line, const char *key)
{
	line += strspn(line, " \t");
	for (; *key; key++) {
		if (*key == ' ' ? !strchr(" \t", *line) || !*line
				: strncasecmp(line, key, 1) != 0)
			return NULL;
		line += *key == ' ' ? strspn(line, " \t") : 1;
	}
	return line;
}

static const char *next_of(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

char *block_value(const char *block, const char *key)
{
	for (const char *line = block; key && *line; line = next_of(line)) {
		const char *value = line_value(line, key);

		if (!value || !strchr(" \t:\r\n", *value))
			continue;
		value += strspn(value, " \t:");
		return xstrndup(value, strcspn(value, "\r\n"));
	}
	return NULL;
}

static bool has_key(const char *block, const char *key)
{
	autofree char *value = block_value(block, key);

	return value;
}

/* The path's last part, whichever way its slashes lean. */
static const char *base_name(const char *path)
{
	for (const char *s = path; *s; s++)
		if (*s == '/' || *s == '\\')
			path = s + 1;
	return path;
}

/* Programs of which no name is a kernel's: firmware shells and scripts, boot loaders,
 * memory tests. */
static bool names_other(const char *path)
{
	static const char *const names[] = { "bootmgfw", "bootmgr", "shim", "grub",
		"systemd-boot", "refind", "limine", "elilo", "syslinux", "shell",
		"memtest", "mt86", "ipxe", "netboot.xyz", "fwup", "mmx64", "mmaa64" };
	const char *name = base_name(path), *script = NULL;
	size_t n = strcspn(name, " \t\"");

	for (const char *s = path; *s; s++) /* "shell.efi fs0:\x.nsh", or the script */
		if (strncasecmp(s, ".nsh", 4) == 0 && strchr(" \t\"", s[4]))
			script = s;
	if (script)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t len = strlen(names[i]);

		if (n >= len && strncasecmp(name, names[i], len) == 0 &&
			!strstr(name, "vmlinu"))
			return true;
	}
	return false;
}

static bool names_linux(const char *path)
{
	static const char *const names[] = { "vmlinu", "bzImage", "linux", "kernel",
		"Image" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcasestr(base_name(path), names[i]))
			return true;
	return false;
}

/* An EFI program that is not said to be a kernel: its name tells, or a root=. */
static bool efi_is_linux(const char *path, char *const *kargs)
{
	return !names_other(path) && (names_linux(path) || kargs_value(kargs, "root"));
}

bool linux_entry(const char *block, char *const *kargs)
{
	autofree char *efi = block_value(block, "efi"), *kernel = NULL;

	kernel = block_value(block, "linux");
	if (kernel)
		return !names_other(kernel);
	return !efi || has_key(block, "uki") || efi_is_linux(efi, kargs);
}

bool linux_limine(const char *block, char *const *kargs)
{
	autofree char *protocol = block_value(block, "protocol");

	(void)kargs;
	return !protocol || strncasecmp(protocol, "linux", 5) == 0;
}

bool linux_stanza(const char *block, char *const *kargs)
{
	autofree char *loader = block_value(block, "loader"), *type = NULL;

	type = block_value(block, "ostype");
	if (loader && names_other(loader))
		return false;
	if (type)
		return strncasecmp(type + (*type == '"'), "linux", 5) == 0;
	return !loader || has_key(block, "initrd") || efi_is_linux(loader, kargs);
}

bool linux_append(const char *block, char *const *kargs)
{
	static const char *const keys[] = { "kernel", "com32" };

	(void)kargs;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		autofree char *image = block_value(block, keys[i]);

		if (image && strcasestr(image, ".c32"))
			return false;
	}
	return true;
}
