// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The directives for groups, network interfaces and disks. Shapes: the kernel's
 * Documentation/ABI/testing/sysfs-kernel-iommu_groups, sysfs-class-net, sysfs-block.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "sample/pcitree.h"
#include "sample/sysfs.h"

#include <inttypes.h>

#define GROUPS "sys/kernel/iommu_groups"

static const struct expand_key net_keys[] = {
	{ "address", KEY_FILE, NULL },
	{ "carrier", KEY_FILE, "1" },
	{ "mtu", KEY_FILE, "1500" },
	{ "operstate", KEY_FILE, "up" },
	{ "type", KEY_FILE, "1" },
};

int expand_check_keys(
	struct expander *x, char **words, const struct expand_key *keys, size_t n)
{
	strv_foreach (word, words) {
		size_t i = 0;

		while (i < n && !(after_prefix(word, keys[i].name) &&
					word[strlen(keys[i].name)] == '='))
			i++;
		if (i == n)
			return expand_bad(
				x, "%s: there is no such KEY=VALUE here.", word);
	}
	return 0;
}

int expand_key_files(struct expander *x, const char *dir, char **words,
	const struct expand_key *keys, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = expand_value(words, keys[i].name) ?: keys[i].fallback;
		int r = value && keys[i].kind == KEY_FILE
				? expand_put(x, dir, keys[i].name, 0644, "%s\n", value)
				: 0;

		if (r < 0)
			return r;
	}
	return 0;
}

int expand_make_group(struct expander *x, const char *number)
{
	autofree char *dir = text_printf(GROUPS "/%s", number);
	int r;

	if (!number[0] || strspn(number, "0123456789") != strlen(number) ||
		strlen(number) > 9)
		return expand_bad(x, "%s is no group number.", number);
	if (root_exists(x->root, dir))
		return 0;
	r = expand_dir(x, dir, "devices");
	if (r == 0)
		r = expand_put(x, dir, "type", 0644, "DMA-FQ\n");
	return r < 0 ? r
		     : expand_put(x, dir, "reserved_regions", 0444,
			       "0x00000000fee00000 0x00000000feefffff msi\n");
}

/* A line of reserved_regions, as drivers/iommu/iommu.c writes it. */
static int add_region(struct expander *x, const char *region, struct buf *text)
{
	static const char *const kinds[] = { "direct", "direct-relaxable", "reserved",
		"msi" };
	uint64_t start, end;
	int kind = 0;

	if (sscanf(region, "%" SCNx64 " %" SCNx64 " %n", &start, &end, &kind) == 2)
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
			if (streq(region + kind, kinds[i])) {
				buf_printf(text, "0x%016" PRIx64 " 0x%016" PRIx64 " %s\n",
					start, end, kinds[i]);
				return 0;
			}
	return expand_bad(x,
		"region=%s: START END direct|direct-relaxable|reserved|msi is needed.",
		region);
}

int expand_group(struct expander *x, char **words)
{
	autobuf struct buf regions = { 0 };
	autofree char *dir = text_printf(GROUPS "/%s", words[1]), *text = NULL;
	const char *type = expand_value(words, "type");
	int r = expand_make_group(x, words[1]);

	for (char **word = words + 2; r == 0 && *word; word++) {
		const char *region = after_prefix(*word, "region=");

		if (region)
			r = add_region(x, region, &regions);
		else if (!after_prefix(*word, "type="))
			return expand_bad(x, "%s: a group has type= and region=.", *word);
	}
	if (r < 0)
		return r;
	buf_puts(&regions, "0x00000000fee00000 0x00000000feefffff msi\n");
	text = buf_take(&regions);
	if (type)
		r = expand_put(x, dir, "type", 0644, "%s\n", type);
	return r < 0 ? r : expand_put(x, dir, "reserved_regions", 0444, "%s", text);
}

int expand_net(struct expander *x, char **words)
{
	const char *name = words[1], *address = words[2];
	const struct expanded_device *e = expand_find_device(x, address);
	autofree char *dir = NULL;
	int r;

	if (!e && !streq(address, "-"))
		return expand_bad(x, "%s: no such device before this line.", address);
	if (strchr(name, '/'))
		return expand_bad(x, "%s is no name of an interface.", name);
	r = expand_check_keys(x, words + 3, net_keys, ARRAY_SIZE(net_keys));
	if (r < 0)
		return r;
	dir = text_printf("%s/net/%s", e ? e->path : "sys/devices/virtual", name);
	r = expand_key_files(x, dir, words + 3, net_keys, ARRAY_SIZE(net_keys));
	if (r == 0 && e)
		r = expand_link(x, dir, "device", e->path);
	if (r == 0)
		r = expand_link(x, dir, "subsystem", "sys/class/net");
	return r < 0 ? r : expand_link(x, "sys/class/net", name, dir);
}

/* One block device: a disk, or the partition with that number. */
static int put_block(
	struct expander *x, const char *dir, const char *numbers, const char *partition)
{
	const char *name = strrchr(dir, '/') + 1;
	unsigned major, minor;
	int end = 0, r;

	if (sscanf(numbers, "%u:%u%n", &major, &minor, &end) != 2 || numbers[end])
		return expand_bad(x, "%s: MAJ:MIN is needed.", numbers);
	r = expand_put(x, dir, "dev", 0444, "%u:%u\n", major, minor);
	if (r == 0)
		r = expand_put(x, dir, "uevent", 0644,
			"MAJOR=%u\nMINOR=%u\nDEVNAME=%s\nDEVTYPE=%s\n", major, minor,
			name, partition ? "partition" : "disk");
	if (r == 0 && partition)
		r = expand_put(x, dir, "partition", 0444, "%s\n", partition);
	if (r == 0)
		r = expand_link(x, dir, "subsystem", "sys/class/block");
	if (r == 0 && !partition)
		r = expand_link(x, "sys/block", name, dir);
	if (r == 0)
		r = expand_link(x, "sys/class/block", name, dir);
	return r < 0 ? r : expand_link(x, "sys/dev/block", numbers, dir);
}

static int put_partition(struct expander *x, const char *disk, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t n = strcspn(word, "=");
	autofree char *dir = NULL, *number = NULL;

	if (!equals || !n || memchr(word, '/', n))
		return expand_bad(x, "%s: SUFFIX=MAJ:MIN is needed.", word);
	dir = text_printf("%s/%s%.*s", disk, strrchr(disk, '/') + 1, (int)n, word);
	number = xstrndup(word + strcspn(word, "0123456789"), n);
	number[strcspn(number, "=")] = '\0';
	return put_block(x, dir, equals + 1, number);
}

int expand_block(struct expander *x, char **words)
{
	const struct expanded_device *e = expand_find_device(x, words[1]);
	autofree char *disk = NULL;
	int r = expand_check_path(x, words[2]);

	if (r < 0)
		return r;
	if (!e)
		return expand_bad(x, "%s: no such device before this line.", words[1]);
	disk = text_printf("%s/%s", e->path, words[2]);
	r = put_block(x, disk, words[3], NULL);
	for (char **word = words + 4; r == 0 && *word; word++)
		r = put_partition(x, disk, *word);
	return r;
}
