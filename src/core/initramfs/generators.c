// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of generators, and which of them makes this host's images. */
#include "core/initramfs/generators.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
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

void initramfs_watch(struct watches *watches)
{
	for (size_t i = 0; initramfs_table[i]; i++) {
		const struct initramfs *row = initramfs_table[i];
		const char *file = row->early_script ? row->early_file : NULL;
		const struct watched early[] = { { .path = row->early_script },
			{ .path = file }, { 0 } };

		watch(watches, early);
		if (row->watched)
			watch(watches, row->watched);
	}
}

/* An image's path by its pattern; NULL where the kernel or the host lacks the name. */
static char *image_path(
	const struct probe *p, const struct kernel *k, const char *pattern)
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
			return NULL;
		buf_puts(&path, name ?: "");
	}
	return buf_take(&path);
}

/* The first that is there, else the first; "" where there can be none. */
static char *find_image(const struct probe *p, const struct initramfs *row,
	const struct kernel *k, bool *there)
{
	autofree char *first = NULL;

	*there = false;
	for (const char *const *pattern = row->images; pattern && *pattern; pattern++) {
		autofree char *path = image_path(p, k, *pattern);

		if (path && root_exists(p->root, path)) {
			*there = true;
			return TAKE(path);
		}
		if (!first)
			first = TAKE(path);
	}
	return first ? TAKE(first) : xstrdup("");
}

static void say(struct generator *g, struct buf *why, const char *path)
{
	g->confidence++;
	buf_printf(why, "%s%s", why->len ? ", " : "", path);
}

static void look_at_images(const struct probe *p, struct generator *g, struct buf *why)
{
	bool told = false;

	for (size_t i = 0; i < p->host->n_kernels; i++) {
		bool there;
		autofree char *path = find_image(p, g->row, &p->host->kernels[i], &there);

		strv_add(&g->images, path);
		if (there && !told)
			say(g, why, path);
		told |= there;
		/* "initrd=\booster-linux.img": what was really loaded. */
		if (there && p->host->cmdline &&
			strstr(p->host->cmdline, strrchr(path, '/') + 1))
			g->confidence += 2;
	}
}

/* Where the first one is read alone: kernel-install(8). */
static const char *const install_confs[] = { "/etc/kernel/install.conf",
	"/run/kernel/install.conf", "/usr/local/lib/kernel/install.conf",
	"/usr/lib/kernel/install.conf" };

/* "initrd_generator=dracut": the plugins of the others make no image then. */
static void look_at_install_conf(
	const struct probe *p, struct generator *g, struct buf *why)
{
	autofree char *plugin = NULL, *text = NULL;
	autostrv char **words = NULL;
	size_t i = 0;

	if (!g->row->plugin)
		return;
	plugin = text_printf("/usr/lib/kernel/install.d/50-%s.install", g->row->plugin);
	if (!root_exists(p->root, plugin))
		return;
	while (i < ARRAY_SIZE(install_confs) &&
		root_read_text(p->root, install_confs[i], &text, NULL) < 0)
		i++;
	words = strv_split(text ?: "", " \t\n\"'");
	strv_foreach (word, words) {
		const char *name = after_prefix(word, "initrd_generator=");

		if (!name || !streq(name, g->row->plugin))
			continue;
		say(g, why, install_confs[i]);
		g->confidence += 2;
	}
}

static void generators_look(const struct probe *p, const struct initramfs *row)
{
	CLEANUP(generator_done) struct generator g = { .row = row };
	autobuf struct buf why = { 0 };

	for (const char *const *path = row->needs; *path; path++) {
		if (!root_exists(p->root, *path))
			return;
		if (path == row->needs && row->images)
			say(&g, &why, *path);
	}
	if (row->detect && !row->detect(p))
		return;
	for (const char *const *path = row->signs; path && *path; path++)
		if (root_exists(p->root, *path))
			say(&g, &why, *path);
	look_at_images(p, &g, &why);
	look_at_install_conf(p, &g, &why);
	if (row->look_off)
		row->look_off(p, &g);
	g.why = buf_take(&why);
	GROW(p->host->generators, p->host->n_generators);
	p->host->generators[p->host->n_generators++] = g;
	g = (struct generator){ 0 };
}

void initramfs_detect(const struct probe *p)
{
	for (size_t i = 0; initramfs_table[i]; i++)
		generators_look(p, initramfs_table[i]);
	for (size_t i = 1; i < p->host->n_generators; i++)
		for (size_t j = i; j > 0 && p->host->generators[j].confidence >
						    p->host->generators[j - 1].confidence;
			j--) {
			struct generator swap = p->host->generators[j];

			p->host->generators[j] = p->host->generators[j - 1];
			p->host->generators[j - 1] = swap;
		}
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
