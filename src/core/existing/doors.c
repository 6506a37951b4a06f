// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows, and what is common to their readers; these are in doors_image.c and
 * doors_system.c. */
#include "core/existing/doors.h"
#include "core/base/strv.h"
#include "core/existing/doors_image.h"
#include "core/existing/doors_system.h"
#include "core/existing/rules.h"
#include "core/format/names.h"

#include <ctype.h>

#define SCRIPTS(dir)                                                                     \
	{ dir "/scripts/", "", "" },                                                     \
	{                                                                                \
		dir "/hooks/", NULL, ""                                                  \
	}

static const struct door_place initramfs_tools[] = { SCRIPTS("/etc/initramfs-tools"),
	SCRIPTS("/usr/share/initramfs-tools"), { 0 } };

static const struct door_place dracut[] = { { "/usr/lib/dracut/modules.d/", "", "" },
	{ "/etc/dracut/modules.d/", "", "" }, { 0 } };

static const struct door_place mkinitcpio[] = { { "/etc/initcpio/hooks/", NULL, "" },
	{ "/usr/lib/initcpio/hooks/", NULL, "" }, { "/etc/initcpio/install/", NULL, "" },
	{ "/usr/lib/initcpio/install/", NULL, "" }, { 0 } };

static const struct door_place units[] = { { "/etc/systemd/system/", NULL, ".service" },
	{ "/run/systemd/system/", NULL, ".service" },
	{ "/usr/local/lib/systemd/system/", NULL, ".service" },
	{ "/usr/lib/systemd/system/", NULL, ".service" },
	{ "/lib/systemd/system/", NULL, ".service" },
	{ "/etc/systemd/system/", ".service.d", ".conf" },
	{ "/run/systemd/system/", ".service.d", ".conf" },
	{ "/usr/local/lib/systemd/system/", ".service.d", ".conf" },
	{ "/usr/lib/systemd/system/", ".service.d", ".conf" }, { 0 } };

static const struct door_place rc_local[] = { { "/etc/", NULL, "rc.local" },
	{ "/etc/rc.d/", NULL, "rc.local" }, { 0 } };

static const struct door_place cron[] = { { "/etc/", NULL, "crontab" },
	{ "/etc/cron.d/", NULL, "" }, { "/var/spool/cron/crontabs/", NULL, "" },
	{ "/var/spool/cron/", NULL, "" }, { 0 } };

static const struct door_place tmpfiles[] = { { "/etc/tmpfiles.d/", NULL, ".conf" },
	{ "/run/tmpfiles.d/", NULL, ".conf" }, { "/usr/lib/tmpfiles.d/", NULL, ".conf" },
	{ 0 } };

static const struct door_place sysfs[] = { { "/etc/", NULL, "sysfs.conf" },
	{ "/etc/sysfs.d/", NULL, ".conf" }, { 0 } };

static const struct door_place libvirt[] = { { "/etc/libvirt/hooks/", NULL, "" },
	{ "/etc/libvirt/hooks/", ".d", "" }, { 0 } };

static const struct {
	const char *title;
	const struct door_place *places;
	void (*read)(const struct door_reader *r, const struct file *f);
} doors[] = {
	{ "initramfs-tools", initramfs_tools, door_read_initramfs_tools },
	{ "dracut", dracut, door_read_dracut },
	{ "mkinitcpio", mkinitcpio, door_read_mkinitcpio },
	{ "systemd", units, door_read_unit },
	{ "rc.local", rc_local, door_read_script },
	{ "cron", cron, door_read_cron },
	{ "tmpfiles.d", tmpfiles, door_read_tmpfiles },
	{ "sysfs.conf", sysfs, door_read_sysfs },
	{ "libvirt", libvirt, door_read_hook },
};

const struct door_place *doors_places(size_t i)
{
	return i < ARRAY_SIZE(doors) ? doors[i].places : NULL;
}

static bool is_at(const struct door_place *place, const char *path)
{
	const char *rest = after_prefix(path, place->dir), *slash;

	if (!rest || !has_suffix(rest, place->suffix))
		return false;
	slash = strchr(rest, '/');
	if (!place->below)
		return !slash && (*place->suffix == '.' || !*place->suffix ||
					 streq(rest, place->suffix));
	return slash && !strchr(slash + 1, '/');
}

/* -- what speaks ----------------------------------------------------------------------
 */

/* "0000:01:00." is enough of an address: loops add the function. */
static bool names_slot(const struct host *host, const char *text)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		autofree char *slot = xstrdup(host->devices[i].address);

		*(strrchr(slot, '.') + 1) = '\0';
		if (strstr(text, slot))
			return true;
	}
	return false;
}

bool doors_speaks(const struct host *host, const char *text)
{
	static const char *const words[] = { "vfio-pci", "vfio_pci", "driver_override",
		"new_id", "drivers_probe", "sriov_numvfs", "/sys/bus/pci/drivers",
		"driverctl", "nodedev-", "/driver/unbind" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(text, words[i]))
			return true;
	return names_slot(host, text);
}

/* In the system's own places those only that look like somebody's script. */
static bool is_users_program(const char *path)
{
	static const char *const places[] = { "/usr/local/", "/opt/", "/root/", "/etc/",
		"/home/" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (after_prefix(path, places[i]))
			return true;
	return (strstr(path, "/bin/") || strstr(path, "/sbin/")) &&
	       (has_suffix(path, ".sh") || strstr(path, "vfio"));
}

char **doors_programs(const char *text)
{
	char **paths = NULL;

	for (const char *s = text; (s = strchr(s, '/'));) {
		size_t n = strcspn(s, " \t\r\n\"';|&<>()$`\\,*?");
		autofree char *path = xstrndup(s, n);

		if ((s == text || !isalnum((unsigned char)s[-1])) &&
			is_users_program(path))
			strv_add_new(&paths, path);
		s += n ?: 1;
	}
	return paths;
}

/* -- all together ----------------------------------------------------------------------
 */

/* A program that a line names: read where it speaks. */
static const char *find_program(void *data, const char *path, const char **ret_path)
{
	const struct host *host = data;

	for (size_t i = 0; i < host->n_doors; i++)
		if (streq(host->doors[i].path, path)) {
			*ret_path = host->doors[i].path;
			return host->doors[i].text;
		}
	return NULL;
}

static void read_doors(const struct door_reader *r)
{
	for (size_t i = 0; i < r->host->n_doors; i++) {
		const struct file *f = &r->host->doors[i];

		for (size_t d = 0; d < ARRAY_SIZE(doors); d++)
			for (const struct door_place *p = doors[d].places; p->dir; p++)
				if (is_at(p, f->path) && path_is_users(f->path)) {
					doors[d].read(r, f);
					d = ARRAY_SIZE(doors) - 1;
					break;
				}
	}
}

static bool is_there(const struct host *host, const struct act *act)
{
	if (!act->address && !act->id)
		return true;
	for (size_t i = 0; i < host->n_devices; i++)
		if (act_concerns(act, host, &host->devices[i]))
			return true;
	return false;
}

static bool is_same(const struct act *a, const struct act *b)
{
	return a->kind == b->kind && a->path == b->path && a->line == b->line &&
	       a->stage == b->stage && a->number == b->number && a->group == b->group &&
	       streq_null(a->address, b->address) && streq_null(a->id, b->id) &&
	       streq_null(a->driver, b->driver) && streq_null(a->interface, b->interface);
}

/* A rule is read for each device, and may name another one each time. */
static bool is_repeated(const struct acts *acts, const struct act *act)
{
	for (size_t i = 0; i < acts->n; i++)
		if (is_same(&acts->list[i], act))
			return true;
	return false;
}

void acts_read(const struct host *host, char *const *kargs, struct acts *ret)
{
	struct acts found = { 0 };
	const struct door_reader r = { .host = host,
		.kargs = kargs,
		.script = { .find = find_program, .data = (void *)host },
		.ret = &found };

	read_doors(&r);
	door_read_rules(&r);
	door_read_install(&r);
	*ret = (struct acts){ 0 };
	for (int stage = ACT_IMAGE_EARLY; stage <= ACT_GUEST; stage++)
		for (size_t i = 0; i < found.n; i++) {
			struct act *act = &found.list[i];

			if ((int)act->stage != stage)
				continue;
			if (is_there(host, act) && !is_repeated(ret, act))
				*acts_add(ret) = *act;
			else
				act_done(act);
		}
	free(found.list);
}
