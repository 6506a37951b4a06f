// SPDX-License-Identifier: GPL-2.0-or-later
/* Who makes virtual functions at boot: lines of files that set their number, options of
 * drivers that do, and drivers that need not be asked. */
#include "core/existing/vfs.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/kargs.h"

#include <ctype.h>
#include <fnmatch.h>

#define NUMVFS "sriov_numvfs"
#define OTHERS (-2) /* not about this device */
#define UNCLEAR (-1)

/* A line, with the whole text of its file, and the device that it may be about. */
struct look {
	const char *line, *text;
	const struct device *pf;
};

/* -- paths and texts --------------------------------------------------------------- */

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = strstr(text, word); s; s = strstr(s + 1, word))
		if ((s == text || !isalnum((unsigned char)s[-1])) &&
			!isalnum((unsigned char)s[n]) && s[n] != '-')
			return true;
	return false;
}

/* Its address, with or without the domain 0000, or the name of an interface of it. */
static bool names_it(const char *text, const struct device *pf)
{
	const char *shorter = after_prefix(pf->address, "0000:");

	if (has_word(text, pf->address) || (shorter && has_word(text, shorter)))
		return true;
	strv_foreach (name, pf->interfaces)
		if (has_word(text, name))
			return true;
	return false;
}

static bool has_address(const char *text)
{
	for (const char *s = strchr(text, '.'); s; s = strchr(s + 1, '.'))
		if (s - text >= 5 && isdigit((unsigned char)s[1]) && s[-3] == ':' &&
			isxdigit((unsigned char)s[-1]) &&
			isxdigit((unsigned char)s[-2]) && isxdigit((unsigned char)s[-4]))
			return true;
	return false;
}

/*
 * "/sys/bus/pci/devices/ADDRESS/sriov_numvfs", any other way through sysfs to it, or
 * ".../net/NAME/device/sriov_numvfs"; what stands for the device may be a glob.
 */
static long path_is_its(const char *path, const struct device *pf)
{
	autostrv char **parts = strv_split(path, "/");
	size_t n = strv_len(parts);
	bool by_name;

	if (n < 2 || !streq(parts[n - 1], NUMVFS))
		return OTHERS;
	by_name = n > 2 && streq(parts[n - 2], "device");
	if (strpbrk(parts[n - 2 - by_name], "$%{`"))
		return UNCLEAR;
	if (!by_name)
		return fnmatch(parts[n - 2], pf->address, 0) == 0 ? 0 : OTHERS;
	strv_foreach (name, pf->interfaces)
		if (fnmatch(parts[n - 3], name, 0) == 0)
			return 0;
	return OTHERS;
}

static long number_of(const char *text)
{
	char *end;
	long n = strtol(text, &end, 0);

	return isdigit((unsigned char)text[0]) && n >= 0 && n <= UINT16_MAX &&
			       !isalnum((unsigned char)*end)
		       ? n
		       : UNCLEAR;
}

static long set_at(const char *path, const char *value, const struct device *pf)
{
	long its = path_is_its(path, pf);

	return its ? its : number_of(value);
}

/* -- one line of each kind: a number, UNCLEAR or OTHERS ------------------------------ */

/* "w PATH MODE USER GROUP AGE TEXT" (tmpfiles.d(5)); the path may be in quotes. */
static long by_tmpfile(const struct look *l)
{
	autostrv char **word = strv_split(l->line, " \t\r\"'");

	if (strv_len(word) < 7 || word[0][0] != 'w')
		return OTHERS;
	return set_at(word[1], word[6], l->pf);
}

/* "bus/pci/devices/ADDRESS/sriov_numvfs = 4", below /sys (sysfs.conf(5)). */
static long by_sysfs(const struct look *l)
{
	autostrv char **word = strv_split(l->line, " \t\r=\"");

	if (strv_len(word) != 2) /* "mode PATH = ", "owner PATH = " */
		return OTHERS;
	return set_at(word[0], word[1], l->pf);
}

/* "echo 4 > PATH", however it is quoted; else it is unclear what the line does, unless
 * the file tells of other devices alone. */
static long by_script(const struct look *l)
{
	autostrv char **word = strv_split(l->line, " \t\r\"';>()");
	long its;

	for (size_t i = 0; i < strv_len(word); i++) {
		if (!has_suffix(word[i], "/" NUMVFS))
			continue;
		its = path_is_its(word[i], l->pf);
		if (its != UNCLEAR)
			return its ? its
			       : i > 1 && streq(word[i - 2], "echo")
				       ? number_of(word[i - 1])
				       : UNCLEAR;
	}
	return names_it(l->text, l->pf) || !has_address(l->text) ? UNCLEAR : OTHERS;
}

/* What a key of a rule must be for the device; NULL where that is not looked at. */
static const char *rule_wants(
	const struct device *pf, const char *key, char id[static DEVICE_ID_SIZE])
{
	if (streq(key, "KERNEL") || streq(key, "KERNELS"))
		return pf->address;
	if (streq(key, "DRIVER") || streq(key, "DRIVERS"))
		return pf->driver ?: "";
	if (!streq(key, "ATTR{vendor}") && !streq(key, "ATTR{device}") &&
		!streq(key, "ATTRS{vendor}") && !streq(key, "ATTRS{device}"))
		return NULL;
	(void)snprintf(id, DEVICE_ID_SIZE, "0x%04x",
		(unsigned)(strstr(key, "vendor") ? pf->vendor : pf->device) & 0xffff);
	return id;
}

static bool matches_any(const char *patterns, const char *value, const struct device *pf)
{
	autostrv char **list = strv_split(patterns, "|");

	strv_foreach (pattern, list) {
		if (fnmatch(pattern, value, FNM_CASEFOLD) == 0)
			return true;
		strv_foreach (name, pf->interfaces)
			if (value == pf->address && fnmatch(pattern, name, 0) == 0)
				return true;
	}
	return false;
}

/* ATTR{sriov_numvfs}="4", in a rule whose matches are those of this device. */
static long by_rule(const struct look *l)
{
	bool known = false;
	long number = OTHERS;

	for (const char *s = l->line; *s;) {
		size_t n = strcspn(s, "=!+:"), op = strspn(s + n, "=!+:");
		autofree char *key = xstrndup(s, n), *value = NULL;
		const char *wants, *from = s + n + op + strspn(s + n + op, " \t"), *end;
		char id[DEVICE_ID_SIZE];

		key[strcspn(key, " \t")] = '\0';
		end = *from == '"' ? strchr(from + 1, '"') : NULL;
		if (!end)
			break;
		value = xstrndup(from + 1, (size_t)(end - from - 1));
		wants = rule_wants(l->pf, key, id);
		if (wants && op == 2) {
			if (matches_any(value, wants, l->pf) == (s[n] == '!'))
				return OTHERS;
			known |= s[n] == '=' && !after_prefix(key, "DRIVER");
		}
		if (after_prefix(key, "ATTR{") && has_suffix(key, NUMVFS "}") && op == 1)
			number = number_of(value);
		if (after_prefix(key, "RUN") && strstr(value, NUMVFS)) {
			const struct look run = { value, l->line, l->pf };

			number = by_script(&run);
		}
		s = end + 1;
		s += strspn(s, ", \t");
	}
	return number >= 0 && !known && !names_it(l->line, l->pf) ? UNCLEAR : number;
}

/* A file about one card, by its name or its path; by its hardware address nobody here
 * can tell. */
static long by_network(const struct look *l)
{
	const char *digits = l->line + strcspn(l->line, "=:");

	digits += strspn(digits, "=: \t\"");
	if (names_it(l->text, l->pf))
		return number_of(digits);
	return strcasestr(l->text, "mac") ? UNCLEAR : OTHERS;
}

/* systemd.link(5), netplan(5), nm-settings-keyfile(5) have words of their own. */
static const struct kind {
	const char *word;
	long (*read)(const struct look *l);
	bool certain;
	struct watched places[12];
} kinds[] = {
	{ NUMVFS, by_tmpfile, true,
		{ { .path = "/etc/tmpfiles.d/", .suffix = ".conf" },
			{ .path = "/run/tmpfiles.d/", .suffix = ".conf", .masked = true },
			{ .path = "/usr/local/lib/tmpfiles.d/",
				.suffix = ".conf",
				.masked = true },
			{ .path = "/usr/lib/tmpfiles.d/",
				.suffix = ".conf",
				.masked = true } } },
	{ NUMVFS, by_sysfs, true,
		{ { .path = "/etc/sysfs.conf" },
			{ .path = "/etc/sysfs.d/", .suffix = ".conf" } } },
	/* existing/devices.c has them read, masks and all. */
	{ NUMVFS, by_rule, true,
		{ { .path = "/etc/udev/rules.d/", .suffix = ".rules" },
			{ .path = "/run/udev/rules.d/",
				.suffix = ".rules",
				.masked = true },
			{ .path = "/usr/local/lib/udev/rules.d/",
				.suffix = ".rules",
				.masked = true },
			{ .path = "/usr/lib/udev/rules.d/",
				.suffix = ".rules",
				.masked = true },
			{ .path = "/lib/udev/rules.d/",
				.suffix = ".rules",
				.masked = true } } },
	{ "SR-IOVVirtualFunctions", by_network, true,
		{ { .path = "/etc/systemd/network/",
			.suffix = ".link",
			.mixed = true } } },
	{ "virtual-function-count", by_network, true,
		{ { .path = "/etc/netplan/", .suffix = ".yaml" } } },
	{ "total-vfs", by_network, true,
		{ { .path = "/etc/NetworkManager/system-connections/",
			.suffix = ".nmconnection" } } },
	{ NUMVFS, by_script, false,
		{ { .path = "/etc/rc.local" }, { .path = "/etc/rc.d/rc.local" },
			{ .path = "/etc/crontab" },
			{ .path = "/etc/cron.d/", .suffix = "" },
			{ .path = "/var/spool/cron/crontabs/", .suffix = "" },
			{ .path = "/etc/network/interfaces" },
			{ .path = "/etc/network/interfaces.d/", .suffix = "" },
			{ .path = "/etc/local.d/", .suffix = ".start", .mixed = true },
			{ .path = "/etc/libvirt/hooks/", .suffix = "" },
			{ .path = "/etc/NetworkManager/dispatcher.d/", .suffix = "" } } },
	{ NUMVFS, by_script, false,
		{ { .path = "/etc/systemd/system/", .suffix = ".service", .mixed = true },
			{ .path = "/usr/local/lib/systemd/system/",
				.suffix = ".service",
				.mixed = true },
			{ .path = "/usr/local/bin/", .suffix = "" },
			{ .path = "/usr/local/sbin/", .suffix = "" },
			{ .path = "/etc/network/if-pre-up.d/", .suffix = "" },
			{ .path = "/etc/network/if-up.d/", .suffix = "" },
			{ .path = "/etc/init.d/", .suffix = "" } } },
	/* NVIDIA's way to have them made, from a unit or a script. */
	{ "sriov-manage", by_script, false,
		{ { .path = "/etc/rc.local" },
			{ .path = "/etc/systemd/system/",
				.suffix = ".service",
				.mixed = true },
			{ .path = "/usr/local/bin/", .suffix = "" },
			{ .path = "/usr/local/sbin/", .suffix = "" } } },
};

void existing_watch_vfs(struct watches *watches)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		watch(watches, kinds[i].places);
}

static bool is_at(const struct kind *kind, const char *path)
{
	for (const struct watched *w = kind->places; w->path; w++)
		if (!w->suffix ? streq(path, w->path)
			       : after_prefix(path, w->path) &&
					 !strchr(path + strlen(w->path), '/') &&
					 has_suffix(path, w->suffix))
			return true;
	return false;
}

static void add_maker(struct vfs_makers *ret, const struct vfs_maker *maker)
{
	GROW(ret->list, ret->n);
	ret->list[ret->n++] = *maker;
}

static void read_lines(const struct kind *kind, const struct file *f,
	const struct device *pf, struct vfs_makers *ret)
{
	size_t number = 1;

	for (const char *s = f->text; *s; number++) {
		size_t n = strcspn(s, "\n");
		autofree char *line = xstrndup(s, n);
		const char *begin = line + strspn(line, " \t");
		const struct look look = { begin, f->text, pf };
		long found = OTHERS;

		if (*begin != '#' && *begin != ';' && strstr(begin, kind->word))
			found = kind->read(&look);
		if (found != OTHERS)
			add_maker(ret,
				&(struct vfs_maker){ .path = f->path,
					.line = number,
					.number = found,
					.certain = kind->certain && found != UNCLEAR });
		s += n + (s[n] == '\n');
	}
}

/* -- drivers ----------------------------------------------------------------------- */

/*
 * Options of modules that have them made by the driver when it gets the device: igb and
 * ixgbe; mlx4_core and cptpf; hisi_zip, hisi_sec2 and hisi_hpre. xe and i915 take max_vfs
 * for a limit (drivers/gpu/drm/xe/xe_module.c), but i915 of out of the tree has makers
 * that go by it.
 */
static const char *const options[] = { "max_vfs", "num_vfs", "vfs_num" };

/* These make them without being asked: drivers/net/ethernet/cavium/thunder/nic_main.c,
 * marvell/octeontx2/af/rvu.c, cisco/enic/enic_main.c, drivers/crypto/cavium/cpt; NVIDIA's
 * vGPU software does for its own. */
static const char *const makers[] = { "nicpf", "thunder-nic", "rvu_af", "enic",
	"thunder-cpt", "cptpf", "nvidia" };

static void add_option(const struct device *pf, const char *path, size_t line,
	const char *word, const char *value, struct vfs_makers *ret)
{
	bool limit = streq_null(pf->driver, "xe") || streq_null(pf->driver, "i915");
	long number = value ? strtol(value, NULL, 0) : 0;

	if (number > 0)
		add_maker(ret, &(struct vfs_maker){ .path = path,
				       .line = line,
				       .word = word,
				       .number = limit ? UNCLEAR : number,
				       .certain = !limit });
}

static void by_driver(const struct host *host, const struct modprobe_lines *modprobe,
	char *const *kargs, const struct device *pf, struct vfs_makers *ret)
{
	const struct driver *driver = pf->driver ? host_driver(host, pf->driver) : NULL;
	const char *module = driver && driver->module ? driver->module : pf->driver;

	for (size_t i = 0; module && i < ARRAY_SIZE(options); i++) {
		autofree char *word = text_printf("%s.%s", module, options[i]);

		for (size_t j = 0; j < modprobe->n; j++) {
			const struct modprobe_line *line = &modprobe->list[j];
			autofree char *value = NULL;

			if (!modprobe_is(line, "options", module))
				continue;
			value = modprobe_option(line, options[i]);
			add_option(pf, line->path, line->line, options[i], value, ret);
		}
		add_option(pf, NULL, 0, options[i], kargs_value(kargs, word), ret);
	}
	for (size_t i = 0; pf->driver && i < ARRAY_SIZE(makers); i++)
		if (streq(pf->driver, makers[i]))
			add_maker(ret, &(struct vfs_maker){ .number = UNCLEAR });
}

/* -- all ------------------------------------------------------------------------------
 */

/* Scripts and units where no row above looks: those of the initramfs, of /usr/lib. */
static void by_doors(
	const struct host *host, const struct device *pf, struct vfs_makers *ret)
{
	static const struct kind script = { NUMVFS, by_script, false, { { 0 } } };

	for (size_t i = 0; i < host->n_doors; i++) {
		const struct file *f = &host->doors[i];
		bool read = false;

		for (size_t j = 0; j < ARRAY_SIZE(kinds); j++)
			read |= is_at(&kinds[j], f->path);
		if (!read && f->text)
			read_lines(&script, f, pf, ret);
	}
}

void vfs_makers_find(const struct host *host, const struct modprobe_lines *modprobe,
	char *const *kargs, const struct device *pf, struct vfs_makers *ret)
{
	*ret = (struct vfs_makers){ 0 };
	for (size_t i = 0; i < host->n_files; i++) {
		const struct file *f = &host->files[i];

		for (size_t j = 0; f->text && j < ARRAY_SIZE(kinds); j++)
			if (strstr(f->text, kinds[j].word) && is_at(&kinds[j], f->path))
				read_lines(&kinds[j], f, pf, ret);
	}
	by_doors(host, pf, ret);
	by_driver(host, modprobe, kargs, pf, ret);
}

void vfs_makers_done(struct vfs_makers *found)
{
	free(found->list);
	*found = (struct vfs_makers){ 0 };
}

const struct vfs_maker *vfs_makers_other(const struct vfs_makers *found, long number)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct vfs_maker *m = &found->list[i];

		if (m->certain && m->number != number &&
			(!m->path || path_is_users(m->path)))
			return m;
	}
	return NULL;
}

char *vfs_maker_place(const struct vfs_maker *maker)
{
	if (maker->path)
		return text_printf("%s:%zu", maker->path, maker->line);
	return maker->word ? text_printf("%s= on the kernel command line", maker->word)
			   : xstrdup("its driver by itself");
}
