// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hosts whose files are made by another program, from a configuration of its own: nothing
 * is written there, and the plan says what to do by hand.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/loader/loader.h"

#define MODPROBE "/etc/modprobe.d/pciferry.conf"
#define RULES "/etc/udev/rules.d/10-pciferry.rules"

/* What the plan would have written there, or NULL. */
static const char *planned(const struct build *b, const char *path)
{
	for (size_t i = 0; i < b->plan->n_changes; i++)
		if (streq(b->plan->changes[i].path, path))
			return b->plan->changes[i].after;
	return NULL;
}

/* " --append-if-missing=WORD" for each. */
static void add_options(struct buf *b, const char *option, char *const *words)
{
	strv_foreach (word, words)
		buf_printf(b, " --%s=%s", option, word);
}

/* All that an image without our files needs on the command line. */
static int image_words(const struct build *b, char *const *words, char ***ret)
{
	autostrv char **all = NULL;
	autofree char *list = NULL, *ids = NULL;

	if (strv_copy(words, &all) < 0 || strv_join(b->ids, ",", &list) < 0)
		return -ENOMEM;
	if (text_set(&ids, "vfio-pci.ids=%s", list) < 0)
		return -ENOMEM;
	if (b->ids && (strv_add_new(&all, ids) < 0 ||
			      strv_add(&all, "rd.driver.pre=vfio-pci") < 0))
		return -ENOMEM;
	*ret = TAKE(all);
	return 0;
}

/* Devices that no ids= can take alone. */
static int instruct_twins(struct build *b)
{
	for (size_t i = 0; planned(b, RULES) && i < b->plan->claims.n; i++) {
		const struct claim *c = &b->plan->claims.list[i];

		if (streq(c->method, "override") &&
			build_instruction(b,
				"# %s goes by its address, which is not to be had here "
				"at "
				"boot; after each boot run:\npciferry bind %s",
				c->address, c->address) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* rpm-ostree builds the initramfs without the host's modprobe.d: the command line has to
 * say it all (rpm-ostree-initramfs, "--no-hostonly"). */
static int instruct_ostree(struct build *b, char *const *words)
{
	autostrv char **all = NULL;
	autobuf struct buf add = { 0 }, take = { 0 };
	autofree char *added = NULL, *taken = NULL;

	if (image_words(b, words, &all) < 0)
		return -ENOMEM;
	add_options(&add, "append-if-missing", all);
	add_options(&take, "delete-if-present", all);
	if (buf_take(&add, &added) < 0 || buf_take(&take, &taken) < 0)
		return -ENOMEM;
	if (all && build_instruction(b, "rpm-ostree kargs%s", added) < 0)
		return -ENOMEM;
	if (b->ids && build_instruction(b, "rpm-ostree initramfs --enable "
					   "--arg=--force-drivers --arg=vfio-pci") < 0)
		return -ENOMEM;
	if (all && build_instruction(b, "# and to take it back:\nrpm-ostree kargs%s%s",
			   taken, b->ids ? "\nrpm-ostree initramfs --disable" : "") < 0)
		return -ENOMEM;
	return instruct_twins(b);
}

/* A text as a multi-line string of Nix, without its comments. */
static void add_nix(struct buf *b, const char *option, const char *text)
{
	buf_printf(b, "%s = ''\n", option);
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (*text != '#' && *text != '\n')
			buf_printf(b, "  %.*s\n", (int)strcspn(text, "\n"), text);
	buf_puts(b, "'';\n");
}

static int instruct_nixos(struct build *b, char *const *words)
{
	const char *modprobe = planned(b, MODPROBE), *rules = planned(b, RULES);
	autobuf struct buf out = { 0 };
	autofree char *text = NULL;

	buf_puts(&out, "# in /etc/nixos/configuration.nix:\n");
	if (words) {
		buf_puts(&out, "boot.kernelParams = [");
		strv_foreach (word, words)
			buf_printf(&out, " \"%s\"", word);
		buf_puts(&out, " ];\n");
	}
	if (modprobe || rules)
		buf_puts(&out, "boot.initrd.kernelModules = [ \"vfio_pci\" \"vfio\" "
			       "\"vfio_iommu_type1\" ];\n");
	if (modprobe)
		add_nix(&out, "boot.extraModprobeConfig", modprobe);
	if (rules) {
		add_nix(&out, "services.udev.extraRules", rules);
		add_nix(&out, "boot.initrd.services.udev.rules", rules);
	}
	buf_puts(&out, "# then:\nnixos-rebuild boot");
	if (buf_take(&out, &text) < 0)
		return -ENOMEM;
	return build_instruction(b, "%s", text);
}

static int instruct_transactional(struct build *b, char *const *words)
{
	static const char *const paths[] = { MODPROBE, RULES };
	autofree char *line = NULL;

	if (strv_join(words, " ", &line) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (planned(b, paths[i]) && build_instruction(b, "# in %s:\n%s", paths[i],
						    planned(b, paths[i])) < 0)
			return -ENOMEM;
	if (words &&
		build_instruction(b,
			"# in /etc/default/grub, at the end of "
			"GRUB_CMDLINE_LINUX_DEFAULT (or of /etc/kernel/cmdline where "
			"sdbootutil is used):\n%s",
			line) < 0)
		return -ENOMEM;
	return build_instruction(b, "# then, into one new snapshot:\n"
				    "transactional-update initrd grub.cfg\n"
				    "# where sdbootutil is used:\n"
				    "transactional-update initrd\n"
				    "sdbootutil update-all-entries");
}

static bool alone(const struct probe *p, struct evidence *e)
{
	(void)p->host;
	return evidence_say(e, SPEAKS_ALONE,
		       "Files in /etc and /boot are not this host's own to change.") ==
	       0;
}

/* Whether "/" is mounted read-only: transactional-update may be installed on a host that
 * is not. */
static bool look_transactional(const struct probe *p, struct evidence *e)
{
	autofree char *text = NULL;

	if (root_read_text(p->root, "/proc/self/mountinfo", &text, NULL) < 0)
		return false;
	for (const char *line = text; *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		char where[3], options[4];

		if (sscanf(line, "%*s %*s %*s %*s %2s %3s", where, options) == 2 &&
			streq(where, "/") && after_prefix(options, "ro"))
			return evidence_say(e, SPEAKS_ALONE, "/ is mounted read-only.") ==
			       0;
	}
	return false;
}

static const char *const ostree_needs[] = { "/run/ostree-booted", NULL };
static const char *const nixos_needs[] = { "/etc/NIXOS", NULL };
static const char *const transactional_needs[] = { "/usr/sbin/transactional-update",
	NULL };

const struct loader loader_ostree = {
	.id = "ostree",
	.title = "ostree",
	.needs = ostree_needs,
	.detect = alone,
	.instruct = instruct_ostree,
};

const struct loader loader_nixos = {
	.id = "nixos",
	.title = "NixOS",
	.needs = nixos_needs,
	.detect = alone,
	.instruct = instruct_nixos,
};

const struct loader loader_transactional = {
	.id = "transactional",
	.title = "transactional-update",
	.needs = transactional_needs,
	.detect = look_transactional,
	.instruct = instruct_transactional,
};
