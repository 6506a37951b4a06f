// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of generators, and which of them makes this host's images. */
#include "core/initramfs/generators.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/initramfs/initramfs.h"

/* One file each. */
extern const struct initramfs initramfs_tools, initramfs_dracut, initramfs_mkinitcpio,
	initramfs_mkinitcpio_systemd, initramfs_booster, initramfs_none;

/* Where nothing tells two apart the user chooses. "none" is last: nothing speaks for it
 * where another row has anything. */
const struct initramfs *const initramfs_table[] = {
	&initramfs_tools,
	&initramfs_dracut,
	&initramfs_mkinitcpio,
	&initramfs_mkinitcpio_systemd,
	&initramfs_booster,
	&initramfs_none,
	NULL,
};

int initramfs_watch(struct watches *watches)
{
	int r = 0;

	for (size_t i = 0; r == 0 && initramfs_table[i]; i++) {
		const struct initramfs *row = initramfs_table[i];
		const char *file = row->early_script ? row->early_file : NULL;
		const struct watched early[] = { { .path = row->early_script },
			{ .path = file }, { 0 } };

		r = watch(watches, early);
		if (r == 0 && row->watched)
			r = watch(watches, row->watched);
	}
	return r;
}

/* An image's path by its pattern; -ENOENT where the kernel or the host lacks the name. */
static int image_path(
	const struct probe *p, const struct kernel *k, const char *pattern, char **ret)
{
	autofree char *id = NULL;
	autobuf struct buf path = { 0 };

	for (const char *c = pattern; *c; c++) {
		const char *name = NULL;

		if (*c == '@')
			name = k->release;
		else if (*c == '%')
			name = k->package;
		else if (*c != '$')
			buf_add(&path, c, 1);
		else if (root_read_attr(p->root, "/etc/machine-id", &id) == 0)
			name = id;
		if (strchr("@%$", *c) && !name)
			return -ENOENT;
		buf_puts(&path, name ?: "");
	}
	return buf_take(&path, ret);
}

/* The first that is there, else the first; "" where there can be none. */
static int find_image(const struct probe *p, const struct initramfs *row,
	const struct kernel *k, bool *there, char **ret)
{
	autofree char *first = NULL;

	*there = false;
	for (const char *const *pattern = row->images; pattern && *pattern; pattern++) {
		autofree char *path = NULL;
		int r = image_path(p, k, *pattern, &path);

		if (r == -ENOMEM)
			return r;
		if (r == 0 && root_exists(p->root, path)) {
			*there = true;
			*ret = TAKE(path);
			return 0;
		}
		if (r == 0 && !first)
			first = TAKE(path);
	}
	*ret = first ? TAKE(first) : strdup("");
	return *ret ? 0 : -ENOMEM;
}

static int say(struct generator *g, struct buf *why, const char *path)
{
	g->confidence++;
	buf_printf(why, "%s%s", why->len ? ", " : "", path);
	return why->failed ? -ENOMEM : 0;
}

static int look_at_images(const struct probe *p, struct generator *g, struct buf *why)
{
	bool told = false;

	for (size_t i = 0; i < p->host->n_kernels; i++) {
		autofree char *path = NULL;
		bool there;

		if (find_image(p, g->row, &p->host->kernels[i], &there, &path) < 0 ||
			strv_add(&g->images, path) < 0)
			return -ENOMEM;
		if (there && !told && say(g, why, path) < 0)
			return -ENOMEM;
		told |= there;
		/* "initrd=\booster-linux.img": what was really loaded. */
		if (there && p->host->cmdline &&
			strstr(p->host->cmdline, strrchr(path, '/') + 1))
			g->confidence += 2;
	}
	return 0;
}

static int generators_look(const struct probe *p, const struct initramfs *row)
{
	CLEANUP(generator_done) struct generator g = { .row = row };
	autobuf struct buf why = { 0 };

	for (const char *const *path = row->needs; *path; path++) {
		if (!root_exists(p->root, *path))
			return 0;
		if (path == row->needs && row->images && say(&g, &why, *path) < 0)
			return -ENOMEM;
	}
	if (row->detect && !row->detect(p))
		return 0;
	for (const char *const *path = row->signs; path && *path; path++)
		if (root_exists(p->root, *path) && say(&g, &why, *path) < 0)
			return -ENOMEM;
	if (look_at_images(p, &g, &why) < 0 || buf_take(&why, &g.why) < 0 ||
		GROW(p->host->generators, p->host->n_generators) < 0)
		return -ENOMEM;
	p->host->generators[p->host->n_generators++] = g;
	g = (struct generator){ 0 };
	return 0;
}

int initramfs_detect(const struct probe *p)
{
	for (size_t i = 0; initramfs_table[i]; i++)
		if (generators_look(p, initramfs_table[i]) < 0)
			return -ENOMEM;
	for (size_t i = 1; i < p->host->n_generators; i++)
		for (size_t j = i; j > 0 && p->host->generators[j].confidence >
						    p->host->generators[j - 1].confidence;
			j--) {
			struct generator swap = p->host->generators[j];

			p->host->generators[j] = p->host->generators[j - 1];
			p->host->generators[j - 1] = swap;
		}
	return 0;
}

bool initramfs_conflict(const struct host *host)
{
	return host->n_generators > 1 &&
	       host->generators[0].confidence == host->generators[1].confidence;
}

const struct generator *initramfs_pick(const struct host *host, const char *choice)
{
	const struct generator *list = host->generators;

	for (size_t i = 0; choice && i < host->n_generators; i++)
		if (streq(list[i].row->id, choice))
			return &list[i];
	return host->n_generators && !initramfs_conflict(host) ? &list[0] : NULL;
}

bool initramfs_known(const char *id)
{
	for (size_t i = 0; initramfs_table[i]; i++)
		if (streq(initramfs_table[i]->id, id))
			return true;
	return false;
}
