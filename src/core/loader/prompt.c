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

int loader_watch_prompt(struct watches *watches)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(switches); i++)
		r = watch(watches,
			(const struct watched[]){ { .path = switches[i].path }, { 0 } });
	return r;
}

static bool is_off(const char *value)
{
	static const char *const tokens[] = { "no", "off", "0", "false", "n", "f" };

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++)
		if (strcasecmp(value, tokens[i]) == 0)
			return true;
	return false;
}

/* 1: it switches the editor off, 0: it does not. */
static int switched_off(const char *text, const char *key)
{
	bool off = false;

	for (const char *line = text; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		autofree char *copy = strndup(line, strcspn(line, "\n"));
		autostrv char **tokens = NULL;

		if (!copy || strv_split(copy, " \t\r:", &tokens) < 0)
			return -ENOMEM;
		if (strv_len(tokens) > 1 && strcasecmp(tokens[0], key) == 0)
			off = is_off(tokens[1]);
	}
	return off;
}

int loader_check_prompt(const struct probe *p, struct evidence *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(switches); i++) {
		const char *text = switches[i].by == e->loader->by
					   ? host_text(p->host, switches[i].path)
					   : NULL;

		r = text ? switched_off(text, switches[i].key) : 0;
		if (r > 0 && text_set(&e->no_prompt, "%s switches the editor off (%s)",
				     switches[i].path, switches[i].key) < 0)
			return -ENOMEM;
	}
	if (e->no_prompt || e->loader->by != BY_STUB)
		return r < 0 ? r : 0;
	if (!efi_secure_boot(p->root))
		return 0;
	e->no_prompt = strdup(
		"Secure Boot is on, and a unified kernel image takes no command line but its own then");
	return e->no_prompt ? 0 : -ENOMEM;
}
