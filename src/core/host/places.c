// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/places.h"
#include "core/base/strv.h"
#include "core/base/text.h"

/* How far an upper layer may lie on another overlay. */
#define DEPTH 8

void places_done(struct places *places)
{
	for (size_t i = 0; i < places->n_fstab; i++) {
		free(places->fstab[i].source);
		free(places->fstab[i].point);
	}
	free(places->fstab);
	free(places->cmdline);
	mounts_done(&places->mounts);
	*places = (struct places){ 0 };
}

static bool has_option(const char *options, const char *option)
{
	autostrv char **list = strv_split(options, ",");

	return strv_has(list, option);
}

static void strip_slashes(char *path)
{
	for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
		path[n - 1] = '\0';
}

/* SOURCE POINT TYPE OPTIONS ...; swap has no point. */
static void read_fstab_line(struct places *places, const char *line, size_t number)
{
	autostrv char **f = strv_split(line, " \t");
	struct fstab_line *l;

	if (strv_len(f) < 3 || f[0][0] == '#' || f[1][0] != '/')
		return;
	GROW(places->fstab, places->n_fstab);
	l = &places->fstab[places->n_fstab++];
	*l = (struct fstab_line){ .source = xstrdup(mounts_unescape(f[0])),
		.point = xstrdup(mounts_unescape(f[1])),
		.line = number,
		/* systemd.mount(5); the second is the older name. */
		.automount =
			f[3] && (has_option(f[3], "x-systemd.automount") ||
					has_option(f[3], "comment=systemd.automount")) };
	strip_slashes(l->point);
}

void places_read_fstab(struct places *places, const char *text)
{
	size_t number = 0;

	for (const char *line = text ?: ""; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		autofree char *copy = xstrndup(line, strcspn(line, "\n"));

		read_fstab_line(places, copy, ++number);
	}
}

static bool is_mounted(const struct places *places, const struct fstab_line *l)
{
	if (!places->known)
		return !l->empty;
	for (size_t i = 0; i < places->mounts.n; i++)
		if (streq(places->mounts.list[i].point, l->point))
			return true; /* autofs too: it mounts it for who goes there */
	return l->automount;
}

const struct fstab_line *places_missing(const struct places *places, const char *path)
{
	for (size_t i = 0; i < places->n_fstab; i++) {
		const struct fstab_line *l = &places->fstab[i];
		const char *rest = after_prefix(path, l->point);

		if (rest && *rest == '/' && !is_mounted(places, l))
			return l;
	}
	return NULL;
}

/* What is in memory, by its type or its source: Documentation/filesystems/{tmpfs,
 * ramfs-rootfs-initramfs}.rst, Documentation/admin-guide/blockdev/zram.rst. */
static const struct {
	const char *type, *source; /* how the source begins; NULL: any */
	const char *what;
} memory[] = {
	{ "tmpfs", NULL, "a tmpfs, which is in memory" },
	{ "ramfs", NULL, "a ramfs, which is in memory" },
	{ "rootfs", NULL, "the initramfs, which is in memory" },
	{ NULL, "/dev/zram", "on a disk in memory (zram)" },
	{ NULL, "/dev/ram", "on a disk in memory" },
	{ "squashfs", NULL, "a squashfs, an image that nothing can be written to" },
	{ "erofs", NULL, "an erofs, an image that nothing can be written to" },
	{ "iso9660", NULL, "an iso9660, an image that nothing can be written to" },
};

/*
 * Live systems, by the word with which they boot, and the one that has their changes
 * kept: live-boot(7) and casper(7) have them in memory else; dracut.cmdline(7),
 * rd.live.image and rd.live.overlay; mkinitcpio-archiso's README, cow_device and
 * cow_label.
 */
static const struct {
	const char *word, *kept;
} lives[] = {
	{ "boot=live", "persistence" },
	{ "boot=casper", "persistent" },
	{ "rd.live.image", "rd.live.overlay=" },
	{ "root=live:", "rd.live.overlay=" },
	{ "archisobasedir=", "cow_" },
};

static bool cmdline_has(const struct places *places, const char *begin)
{
	autostrv char **words = strv_split(places->cmdline ?: "", " ");

	strv_foreach (word, words)
		if (after_prefix(word, begin))
			return true;
	return false;
}

/* Where changes go to cannot be seen: what the boot was told. */
static enum lasts judge_live(const struct places *places, const char *what, char **ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(lives); i++) {
		if (!cmdline_has(places, lives[i].word))
			continue;
		if (cmdline_has(places, lives[i].kept)) {
			*ret = text_printf(
				"%s of a live system that was told to keep changes, by %s on /proc/cmdline, and whether it does is not known",
				what, lives[i].kept);
			return LASTS_UNKNOWN;
		}
		*ret = text_printf(
			"%s of a live system, by %s on /proc/cmdline, which keeps changes in memory",
			what, lives[i].word);
		return LASTS_NOT;
	}
	return LASTS_UNKNOWN;
}

static enum lasts judge_mount(
	const struct places *places, const struct mount *m, int depth, char **ret);

static enum lasts judge_overlay(
	const struct places *places, const struct mount *m, int depth, char **ret)
{
	const struct mount *below =
		m->upper ? mounts_find(&places->mounts, m->upper) : NULL;
	autofree char *why = NULL;
	enum lasts lasts;

	if (!m->upper) {
		*ret = xstrdup(
			"an overlay that nothing can be written to (no upperdir=)");
		return LASTS_NOT;
	}
	/* A directory of before the switch to this root: it seems to be on itself. */
	if (!below || streq(below->point, m->point) || depth >= DEPTH) {
		lasts = judge_live(places, "the overlay", ret);
		if (!*ret)
			*ret = text_printf(
				"an overlay, and where its upper layer %s lies cannot be seen from here",
				m->upper);
		return lasts;
	}
	lasts = judge_mount(places, below, depth + 1, &why);
	if (why)
		*ret = text_printf("an overlay whose upper layer %s is below %s, %s",
			m->upper, below->point, why);
	return lasts;
}

static enum lasts judge_mount(
	const struct places *places, const struct mount *m, int depth, char **ret)
{
	if (streq(m->type, "overlay"))
		return judge_overlay(places, m, depth, ret);
	for (size_t i = 0; i < ARRAY_SIZE(memory); i++) {
		if (memory[i].type ? !streq(m->type, memory[i].type)
				   : !after_prefix(m->source, memory[i].source))
			continue;
		*ret = xstrdup(memory[i].what);
		return LASTS_NOT;
	}
	/* dmsquash-live's snapshot of an image. */
	if (after_prefix(m->source, "/dev/mapper/live-")) {
		enum lasts lasts = judge_live(places, "the root", ret);

		return *ret ? lasts : LASTS;
	}
	return LASTS;
}

/* Takes both. */
static void add_problem(
	struct place_problems *problems, enum lasts state, char *text, char *fix)
{
	for (size_t i = 0; i < problems->n; i++)
		if (streq(problems->list[i].text, text)) {
			free(text);
			free(fix);
			return;
		}
	GROW(problems->list, problems->n);
	problems->list[problems->n++] =
		(struct place_problem){ .state = state, .text = text, .fix = fix };
}

static void judge_file_system(
	const struct places *places, const char *path, struct place_problems *problems)
{
	const struct mount *m = mounts_find(&places->mounts, path);
	autofree char *why = NULL;
	enum lasts lasts = m ? judge_mount(places, m, 0, &why) : LASTS;

	if (lasts == LASTS_NOT)
		add_problem(problems, lasts,
			text_printf(
				"What is written below %s is gone after a reboot: it is %s.",
				m->point, why),
			xstrdup("Plan on the system as it is without that: the installed one, an overlay switched off, or a disk that is mounted, with --root."));
	else if (lasts == LASTS_UNKNOWN)
		add_problem(problems, lasts,
			text_printf(
				"Whether what is written below %s outlives a reboot is not known: it is %s.",
				m->point, why),
			xstrdup("See that it does before you rely on it."));
}

void places_judge(
	const struct places *places, const char *path, struct place_problems *problems)
{
	const struct fstab_line *l = places_missing(places, path);

	if (l) {
		add_problem(problems, places->known ? LASTS_NOT : LASTS_UNKNOWN,
			text_printf(
				"/etc/fstab:%zu has %s on %s, which is not mounted: what is written below %s now is not what the host boots and reads.",
				l->line, l->point, l->source, l->point),
			text_printf("Mount %s first.", l->point));
		return;
	}
	if (places->known)
		judge_file_system(places, path, problems);
}

void place_problems_done(struct place_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		free(problems->list[i].text);
		free(problems->list[i].fix);
	}
	free(problems->list);
	*problems = (struct place_problems){ 0 };
}
