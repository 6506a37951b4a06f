// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/files.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/scan/dangling.h"

/* Read whether they are there or not: a plan may make them. */
static const char *const files[] = {
	CLAIMS_PATH,
	"/etc/booster.yaml",
	"/etc/default/grub",
	"/etc/default/grub.d/zz-pciferry.cfg",
	"/etc/cmdline.d/zz-pciferry.conf",
	"/etc/default/limine",
	"/etc/default/u-boot",
	"/etc/group",
	"/etc/dracut.conf.d/zz-pciferry-cmdline.conf",
	"/etc/kernel/cmdline",
	"/etc/kernelstub/configuration",
	"/etc/limine-entry-tool.d/zz-pciferry.conf",
	"/etc/dracut.conf",
	"/etc/dracut.conf.d/pciferry.conf",
	"/etc/initcpio/hooks/pciferry",
	"/etc/initcpio/install/pciferry",
	"/etc/initramfs-tools/modules",
	"/etc/initramfs-tools/scripts/init-top/00-pciferry",
	"/etc/mkinitcpio.conf",
	"/etc/mkinitcpio.conf.d/pciferry.conf",
	"/etc/modprobe.d/pciferry.conf",
	"/etc/modules",
	"/etc/modules-load.d/pciferry.conf",
	"/etc/network/interfaces",
	"/etc/passwd",
	"/etc/security/limits.d/pciferry.conf",
	"/etc/u-boot-menu/conf.d/zz-pciferry.conf",
	"/etc/udev/rules.d/10-pciferry.rules",
	"/etc/udev/rules.d/70-pciferry-access.rules",
	"/etc/udev/rules.d/71-pciferry-vfs.rules",
	"/usr/lib/kernel/cmdline",
	"/etc/kernel/install.conf",
	"/usr/lib/kernel/install.conf",
	"/boot/grub2/grubenv",
	"/boot/refind_linux.conf",
	"/boot/efi/EFI/refind/refind.conf",
	"/efi/EFI/refind/refind.conf",
	"/boot/EFI/refind/refind.conf",
	"/boot/efi/EFI/BOOT/refind.conf",
	"/efi/EFI/BOOT/refind.conf",
	"/boot/EFI/BOOT/refind.conf",
	"/boot/limine.conf",
	"/boot/limine/limine.conf",
	"/boot/EFI/limine/limine.conf",
	"/boot/EFI/BOOT/limine.conf",
	"/boot/loader/loader.conf",
	"/boot/efi/loader/loader.conf",
	"/efi/loader/loader.conf",
	"/boot/efi/limine.conf",
	"/boot/efi/EFI/limine/limine.conf",
	"/boot/efi/EFI/BOOT/limine.conf",
	"/efi/limine.conf",
	"/efi/EFI/limine/limine.conf",
	"/efi/EFI/BOOT/limine.conf",
	"/usr/bin/mkinitcpio",
	"/usr/lib/dracut/modules.d/40pciferry/module-setup.sh",
	"/usr/lib/dracut/modules.d/40pciferry/pciferry.sh",
};

/*
 * Read whole. In each family of directories a name found earlier masks the same name
 * later on (modprobe.d(5), modules-load.d(5)).
 */
static const struct {
	const char *family, *dir, *suffix;
} dirs[] = {
	{ "modprobe.d", "/etc/modprobe.d", ".conf" },
	{ "modprobe.d", "/run/modprobe.d", ".conf" },
	{ "modprobe.d", "/usr/local/lib/modprobe.d", ".conf" },
	{ "modprobe.d", "/usr/lib/modprobe.d", ".conf" },
	{ "modprobe.d", "/lib/modprobe.d", ".conf" },
	{ "modules-load.d", "/etc/modules-load.d", ".conf" },
	{ "rules.d", "/etc/udev/rules.d", ".rules" },
	{ "rules.d", "/run/udev/rules.d", ".rules" },
	{ "rules.d", "/usr/local/lib/udev/rules.d", ".rules" },
	{ "rules.d", "/usr/lib/udev/rules.d", ".rules" },
	{ "rules.d", "/lib/udev/rules.d", ".rules" },
	{ "dracut.conf.d", "/etc/dracut.conf.d", ".conf" },
	{ "dracut.conf.d", "/usr/lib/dracut/dracut.conf.d", ".conf" },
	{ "mkinitcpio.conf.d", "/etc/mkinitcpio.conf.d", ".conf" },
	{ "mkinitcpio.d", "/etc/mkinitcpio.d", ".preset" },
	{ "driverctl.d", "/etc/driverctl.d", "" },
	{ "grub.d", "/etc/default/grub.d", ".cfg" },
	{ "interfaces.d", "/etc/network/interfaces.d", "" },
	{ "netplan", "/etc/netplan", ".yaml" },
	{ "networkd", "/etc/systemd/network", ".network" },
	{ "NetworkManager", "/etc/NetworkManager/system-connections", ".nmconnection" },
	{ "cmdline.d", "/etc/cmdline.d", ".conf" },
	{ "u-boot-menu", "/etc/u-boot-menu/conf.d", ".conf" },
	{ "limine", "/etc/limine-entry-tool.d", ".conf" },
	{ "entries", "/boot/loader/entries", ".conf" },
	{ "entries in /boot/efi", "/boot/efi/loader/entries", ".conf" },
	{ "entries in /efi", "/efi/loader/entries", ".conf" },
};

static int files_read_file(const struct probe *p, const char *path)
{
	struct file *f;
	struct err err;
	struct stat st;
	int r;

	if (host_file(p->host, path))
		return 0;
	if (GROW(p->host->files, p->host->n_files) < 0)
		return -ENOMEM;
	f = &p->host->files[p->host->n_files++];
	f->mode = 0644;
	f->path = strdup(path);
	if (!f->path)
		return -ENOMEM;
	r = root_stat(p->root, path, &st);
	if (r == 0 && S_ISCHR(st.st_mode))
		return 0; /* a link to /dev/null: the usual way to mask a file */
	if (r == 0) {
		f->mode = st.st_mode & 07777;
		f->uid = st.st_uid;
		f->gid = st.st_gid;
		r = root_read_text(p->root, path, &f->text, &err);
	} else if (r != -ENOENT && r != -ENOTDIR) {
		r = err_errno(&err, r, "Cannot read %s%s", root_shown(p->root), path);
	} else {
		return 0;
	}
	if (r < 0 && r != -ENOMEM) {
		f->problem = strdup(err.text);
		r = f->problem ? 0 : -ENOMEM;
	}
	return r;
}

/* 1 where a file of that name in an earlier directory of the family masks this one, 0
 * where none does, or -ENOMEM. */
static int masked(const struct probe *p, size_t dir, const char *name)
{
	autofree char *path = NULL;

	if (text_set(&path, "%s/%s", dirs[dir].dir, name) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < dir; i++) {
		autofree char *earlier = NULL;
		const struct file *f;
		int r = 1;

		if (!streq(dirs[i].family, dirs[dir].family))
			continue;
		if (text_set(&earlier, "%s/%s", dirs[i].dir, name) < 0)
			return -ENOMEM;
		f = host_file(p->host, earlier);
		if (!f || !f->listed)
			continue;
		if (streq(dirs[i].family, "modprobe.d") && file_is_dangling(p, f))
			r = dangling_masks(p, earlier, path);
		if (r != 0)
			return r;
	}
	return 0;
}

/* A name without any suffix was meant to be read; "vfio.conf.old" was not. */
static int note_unread(struct host *host, const char *dir, const char *name)
{
	autofree char *path = NULL;

	if (strchr(name, '.') || streq(name, "README"))
		return 0;
	if (text_set(&path, "%s/%s", dir, name) < 0)
		return -ENOMEM;
	return strv_add(&host->unread, path);
}

static int read_dir(const struct probe *p, size_t i)
{
	autostrv char **names = NULL;
	int r = root_list(p->root, dirs[i].dir, &names);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	strv_foreach (name, names) {
		autofree char *path = NULL, *target = NULL;
		struct file *f;

		if (!has_suffix(name, dirs[i].suffix) &&
			note_unread(p->host, dirs[i].dir, name) < 0)
			return -ENOMEM;
		if (name[0] == '.' || !has_suffix(name, dirs[i].suffix))
			continue;
		r = masked(p, i, name);
		if (r < 0)
			return r;
		if (r > 0)
			continue;
		if (text_set(&path, "%s/%s", dirs[i].dir, name) < 0)
			return -ENOMEM;
		r = files_read_file(p, path);
		if (r < 0)
			return r;
		f = (struct file *)host_file(p->host, path);
		f->listed = true;
		f->link = root_readlink(p->root, path, &target) == 0;
	}
	return 0;
}

/* Limits of ours for users' own services: user@1000.service.d. */
static int read_units(const struct probe *p)
{
	autostrv char **names = NULL;
	int r = root_list(p->root, "/etc/systemd/system", &names);

	strv_foreach (name, names) {
		autofree char *path = NULL;

		if (!after_prefix(name, "user@") || !has_suffix(name, ".service.d"))
			continue;
		if (text_set(&path, "/etc/systemd/system/%s/pciferry.conf", name) < 0)
			return -ENOMEM;
		r = files_read_file(p, path);
		if (r < 0)
			return r;
	}
	return r == -ENOMEM ? r : 0;
}

int scan_files(const struct probe *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++)
		r = files_read_file(p, files[i]);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(dirs); i++)
		r = read_dir(p, i);
	return r < 0 ? r : read_units(p);
}
