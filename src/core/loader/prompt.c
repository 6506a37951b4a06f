// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether words can be added for one boot at the loader's menu: that is where a user
 * types "pciferry.off module_blacklist=vfio_pci".
 */
#include "core/loader/prompt.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/loader/efi.h"
#include "core/loader/loader.h"

/* loader.conf(5) of systemd-boot: "editor no"; limine.conf: "editor_enabled: no";
 * syslinux.cfg(5): "ALLOWOPTIONS 0". */
static const struct {
	enum loader_by by;
	const char *path, *key;
} switches[] = {
	{ BY_SYSTEMD_BOOT, "/efi/loader/loader.conf", "editor" },
	{ BY_SYSTEMD_BOOT, "/boot/efi/loader/loader.conf", "editor" },
	{ BY_SYSTEMD_BOOT, "/boot/loader/loader.conf", "editor" },
	{ BY_LIMINE, "/boot/limine.conf", "editor_enabled" },
	{ BY_LIMINE, "/boot/limine/limine.conf", "editor_enabled" },
	{ BY_LIMINE, "/boot/efi/limine.conf", "editor_enabled" },
	{ BY_SYSLINUX, "/boot/extlinux/extlinux.conf", "allowoptions" },
	{ BY_SYSLINUX, "/boot/syslinux/syslinux.cfg", "allowoptions" },
};

void loader_watch_prompt(struct watches *watches)
{
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		watch(watches,
			(const struct watched[]){ { .path = switches[i].path }, { 0 } });
}

static bool is_off(const char *value)
{
	static const char *const tokens[] = { "no", "off", "0", "false", "n", "f" };

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++)
		if (strcasecmp(value, tokens[i]) == 0)
			return true;
	return false;
}

static bool switched_off(const char *text, const char *key)
{
	bool off = false;

	for (const char *line = text; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		autofree char *copy = xstrndup(line, strcspn(line, "\n"));
		autostrv char **tokens = strv_split(copy, " \t\r:");

		if (strv_len(tokens) > 1 && strcasecmp(tokens[0], key) == 0)
			off = is_off(tokens[1]);
	}
	return off;
}

void loader_check_prompt(const struct probe *p, struct evidence *e)
{
	for (size_t i = 0; !e->no_prompt && i < ARRAY_SIZE(switches); i++) {
		const char *text = switches[i].by == e->loader->by
					   ? host_text(p->host, switches[i].path)
					   : NULL;

		if (text && switched_off(text, switches[i].key))
			e->no_prompt = text_printf("%s switches the editor off (%s)",
				switches[i].path, switches[i].key);
	}
	if (!e->no_prompt && e->loader->by == BY_STUB && efi_secure_boot(p->root))
		e->no_prompt = xstrdup(
			"Secure Boot is on, and a unified kernel image takes no command line but its own then");
}
