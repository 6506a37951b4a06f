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
static const char *planned(const struct draft *draft, const char *path)
{
	for (size_t i = 0; i < draft->plan->steps.n_changes; i++)
		if (streq(draft->plan->steps.changes[i].path, path))
			return draft->plan->steps.changes[i].after;
	return NULL;
}

/* " --append-if-missing=WORD" for each. */
static void add_options(struct buf *b, const char *option, char *const *kargs)
{
	strv_foreach (word, kargs)
		buf_printf(b, " --%s=%s", option, word);
}

/* All that an image without our files needs on the command line. */
static char **image_words(const struct draft *draft, char *const *kargs)
{
	char **all = strv_copy(kargs);
	autofree char *list = strv_join(draft->ids, ",");
	autofree char *ids = text_printf("vfio-pci.ids=%s", list);

	if (draft->ids) {
		strv_add_new(&all, ids);
		strv_add(&all, "rd.driver.pre=vfio-pci");
	}
	return all;
}

/* Devices that no ids= can take alone. */
static void instruct_twins(struct draft *draft)
{
	for (size_t i = 0; planned(draft, RULES) && i < draft->plan->claims.n; i++) {
		const struct claim *c = &draft->plan->claims.list[i];

		if (streq(c->method, "override"))
			draft_instruction(draft,
				"# %s goes by its address, which is not to be had here at boot; after each boot run:\npciferry bind %s",
				c->address, c->address);
	}
}

/* rpm-ostree builds the initramfs without the host's modprobe.d: the command line has to
 * say it all (rpm-ostree-initramfs, "--no-hostonly"). */
static void instruct_ostree(struct draft *draft, char *const *kargs)
{
	autostrv char **all = image_words(draft, kargs);
	autobuf struct buf add = { 0 }, take = { 0 };
	autofree char *added = NULL, *taken = NULL;

	add_options(&add, "append-if-missing", all);
	add_options(&take, "delete-if-present", all);
	added = buf_take(&add);
	taken = buf_take(&take);
	if (all)
		draft_instruction(draft, "rpm-ostree kargs%s", added);
	if (draft->ids)
		draft_instruction(draft,
			"rpm-ostree initramfs --enable --arg=--force-drivers --arg=vfio-pci");
	if (all)
		draft_instruction(draft, "# and to take it back:\nrpm-ostree kargs%s%s",
			taken, draft->ids ? "\nrpm-ostree initramfs --disable" : "");
	instruct_twins(draft);
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

static void instruct_nixos(struct draft *draft, char *const *kargs)
{
	const char *modprobe = planned(draft, MODPROBE), *rules = planned(draft, RULES);
	autobuf struct buf out = { 0 };
	autofree char *text = NULL;

	buf_puts(&out, "# in /etc/nixos/configuration.nix:\n");
	if (kargs) {
		buf_puts(&out, "boot.kernelParams = [");
		strv_foreach (word, kargs)
			buf_printf(&out, " \"%s\"", word);
		buf_puts(&out, " ];\n");
	}
	if (modprobe || rules)
		buf_puts(&out,
			"boot.initrd.kernelModules = [ \"vfio_pci\" \"vfio\" \"vfio_iommu_type1\" ];\n");
	if (modprobe)
		add_nix(&out, "boot.extraModprobeConfig", modprobe);
	if (rules) {
		add_nix(&out, "services.udev.extraRules", rules);
		add_nix(&out, "boot.initrd.services.udev.rules", rules);
	}
	buf_puts(&out, "# then:\nnixos-rebuild boot");
	text = buf_take(&out);
	draft_instruction(draft, "%s", text);
}

static void instruct_transactional(struct draft *draft, char *const *kargs)
{
	static const char *const paths[] = { MODPROBE, RULES };
	autofree char *line = strv_join(kargs, " ");

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (planned(draft, paths[i]))
			draft_instruction(draft, "# in %s:\n%s", paths[i],
				planned(draft, paths[i]));
	if (kargs)
		draft_instruction(draft,
			"# in /etc/default/grub, at the end of GRUB_CMDLINE_LINUX_DEFAULT (or of /etc/kernel/cmdline where sdbootutil is used):\n%s",
			line);
	draft_instruction(draft, "# then, into one new snapshot:\n"
				 "transactional-update initrd grub.cfg\n"
				 "# where sdbootutil is used:\n"
				 "transactional-update initrd\n"
				 "sdbootutil update-all-entries");
}

static bool alone(const struct probe *p, struct evidence *e)
{
	(void)p->host;
	evidence_say(e, CONFIDENCE_ALONE,
		"Files in /etc and /boot are not this host's own to change.");
	return true;
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
			streq(where, "/") && after_prefix(options, "ro")) {
			evidence_say(e, CONFIDENCE_ALONE, "/ is mounted read-only.");
			return true;
		}
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
