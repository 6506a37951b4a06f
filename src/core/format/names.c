// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/names.h"
#include "core/base/strv.h"

#include <ctype.h>

void names_done(struct names *names)
{
	strv_free(names->addresses);
	strv_free(names->ids);
	*names = (struct names){ 0 };
}

static bool is_hex(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)s[i]))
			return false;
	return true;
}

char *names_address(const char *text, size_t len)
{
	autofree char *s = NULL;
	unsigned domain = 0, bus, slot, function;
	char out[32];
	int end = 0;
	bool libvirt = len > 4 && !strncmp(text, "pci_", 4);

	if (len < 7 || len > 20)
		return NULL;
	s = xstrndup(text + (libvirt ? 4 : 0), len - (libvirt ? 4 : 0));
	if (libvirt) {
		if (sscanf(s, "%4x_%2x_%2x_%1x%n", &domain, &bus, &slot, &function,
			    &end) != 4)
			return NULL;
	} else if (sscanf(s, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function,
			   &end) != 4) {
		domain = 0;
		if (sscanf(s, "%2x:%2x.%1x%n", &bus, &slot, &function, &end) != 3)
			return NULL;
	}
	if (s[end] || slot > 31 || function > 7 || !is_hex(s, 2))
		return NULL;
	(void)snprintf(
		out, sizeof(out), "%04x:%02x:%02x.%x", domain, bus, slot, function);
	return xstrdup(out);
}

char *names_id(const char *text)
{
	const char *s = text + strspn(text, " \t\n"), *second;
	char out[16];

	s = after_prefix(s, "0x") ?: s;
	if (!is_hex(s, 4) || (s[4] != ':' && s[4] != ' ' && s[4] != '\t'))
		return NULL;
	second = s + 5 + strspn(s + 5, " \t");
	second = after_prefix(second, "0x") ?: second;
	if (!is_hex(second, 4) || isalnum((unsigned char)second[4]))
		return NULL;
	(void)snprintf(out, sizeof(out), "%.4s:%.4s", s, second);
	for (char *c = out; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return xstrdup(out);
}

/* Whether the file of sysfs whose name stands at s is that of a PCI driver, as far as the
 * text tells. */
static bool of_pci(const char *text, const char *at)
{
	const char *begin = at;

	while (begin > text && !strchr(" \t\n\"'>=", begin[-1]))
		begin--;
	begin = strstr(begin, "/sys/bus/");
	return !begin || begin > at || after_prefix(begin, "/sys/bus/pci");
}

static bool names_way(const char *text)
{
	static const char *const words[] = { "vfio-pci", "vfio_pci", "driver_override",
		"new_id", "drivers_probe" };
	const char *s = text;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (s = text; (s = strstr(s, words[i])); s++)
			if (of_pci(text, s))
				return true;
	for (s = text; (s = strstr(s, "/sys/bus/pci/drivers/")); s++) {
		const char *end = s + strcspn(s, " \t\n\"';|&");

		if ((end - s > 5 && !strncmp(end - 5, "/bind", 5)) ||
			(end - s > 7 && !strncmp(end - 7, "/unbind", 7)))
			return true;
	}
	for (s = text; (s = strstr(s, "/driver/unbind")); s++)
		if (of_pci(text, s))
			return true;
	return false;
}

void names_find(const char *text, struct names *ret)
{
	const char *s = text;

	ret->matters |= names_way(text);
	while (*s) {
		size_t n = strspn(s, "0123456789abcdefABCDEF:.");
		autofree char *address = NULL, *id = NULL;
		const char *begin = s;

		if (after_prefix(s, "pci_"))
			n = 4 + strspn(s + 4, "0123456789abcdefABCDEF_");
		else if (after_prefix(s, "0x"))
			begin += 2, n = 2 + strspn(s + 2, "0123456789abcdefABCDEF:.");
		while (n && s + n > begin && strchr(".:", s[n - 1]))
			n--;
		if (n && s + n >= begin && !isalnum((unsigned char)s[n]))
			address = names_address(s, n);
		if (n && !address)
			id = names_id(s);
		if (address)
			strv_add_new(&ret->addresses, address);
		if (id)
			strv_add_new(&ret->ids, id);
		s += n;
		/* On to where another word may begin. */
		while (*s && isalnum((unsigned char)*s))
			s++;
		while (*s && !isalnum((unsigned char)*s))
			s++;
	}
}
