// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GRUB with entries of the Boot Loader Specification: Fedora, RHEL and their kin. Its
 * blscfg reads /boot/loader/entries at boot, so an edited entry is in force at once. New
 * kernels take /etc/kernel/cmdline where it is there, else the running kernel's line
 * (20-grub.install); "grub2-mkconfig --update-bls-cmdline" takes GRUB_CMDLINE_LINUX.
 */
#include "core/loader/bls.h"
#include "core/base/strv.h"
#include "core/format/shell.h"
#include "core/loader/entries.h"
#include "core/loader/inplace.h"
#include "core/loader/loader.h"

#define DEFAULTS "/etc/default/grub"
#define GRUBENV "/boot/grub2/grubenv"

bool bls_in_use(const struct host *host)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const char *text = host_text(host, DEFAULTS);
	const struct shell_var *enable;

	if (!text || shell_source(&vars, DEFAULTS, text, NULL) < 0)
		return false;
	enable = shell_get(&vars, "GRUB_ENABLE_BLSCFG");
	return enable && streq(enable->value, "true");
}

static bool bls_look(const struct probe *p, struct evidence *e)
{
	if (!bls_in_use(p->host) || !inplace_detect(p, e))
		return false;
	evidence_say(e, CONFIDENCE_FILES, DEFAULTS " says GRUB_ENABLE_BLSCFG=true.");
	return true;
}

/* RHEL 8: the entries say "$kernelopts", which is in GRUB's environment block, and so do
 * those of kernels to come. That block has checksums of its own size; grubby writes it.
 */
static bool uses_kernelopts(const struct host *host)
{
	for (size_t i = 0; i < host->n_files; i++)
		if (after_prefix(host->files[i].path, BLS_ENTRIES) &&
			host->files[i].text && strstr(host->files[i].text, "$kernelopts"))
			return true;
	return false;
}

static int kernelopts(const struct host *host, char ***ret, struct err *err)
{
	const char *text = host_text(host, GRUBENV);
	const char *at = text ? strstr(text, "\nkernelopts=") : NULL;
	autofree char *line = NULL;

	if (!at)
		return err_set(err, -ENOENT,
			"The boot entries take $kernelopts from " GRUBENV
			", which does not set it.");
	at += strlen("\nkernelopts=");
	line = xstrndup(at, strcspn(at, "\n"));
	*ret = kargs_split(line);
	return 0;
}

static int kargs(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	return uses_kernelopts(host) ? kernelopts(host, ret, err)
				     : inplace_kargs(host, e, with_ours, ret, err);
}

static void bls_edit(struct draft *draft, const struct evidence *e, char *const *wanted)
{
	autofree char *line = NULL;

	if (!uses_kernelopts(draft->host)) {
		inplace_edit(draft, e, wanted);
		return;
	}
	if (!wanted)
		return;
	line = strv_join(wanted, " ");
	draft_instruction(draft, "grubby --update-kernel=ALL --args=\"%s\"", line);
	draft_finding(draft, FINDING_REFUSAL, FOUND_KERNELOPTS, NULL,
		"The boot entries take their command line from $kernelopts in " GRUBENV
		", which only GRUB's own tools may write. Run this, then plan again: grubby --update-kernel=ALL --args=\"%s\"",
		line);
}

static const struct loader_file files[] = {
	{ .path = BLS_ENTRIES, .format = &format_entry },
	{ .path = KERNEL_CMDLINE, .format = &format_cmdline },
	{ .path = DEFAULTS, .variable = "GRUB_CMDLINE_LINUX" },
	{ 0 },
};
static const struct watched watched[] = { { .path = GRUBENV }, { 0 } };
static const char *const needs[] = { "/usr/sbin/grubby", "/boot/grub2", NULL };

const struct loader loader_grub_bls = {
	.id = "grub-bls",
	.title = "GRUB with boot loader entries",
	.by = BY_GRUB,
	.needs = needs,
	.detect = bls_look,
	.files = files,
	.watched = watched,
	.kargs = kargs,
	.entries = inplace_entries,
	.edit = bls_edit,
};
