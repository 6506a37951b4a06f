// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GRUB as Debian and Ubuntu have it: grub-mkconfig sources /etc/default/grub and then
 * every /etc/default/grub.d/ *.cfg in the order of their names, and
 * GRUB_CMDLINE_LINUX_DEFAULT goes to the normal entries but not to the recovery ones
 * (grub-mkconfig, 10_linux).
 */
#include "core/base/strv.h"
#include "core/edit/shell.h"
#include "core/edit/words.h"
#include "core/loader/loader.h"

#define MAIN "/etc/default/grub"
#define DROPIN_DIR "/etc/default/grub.d/"
#define DROPIN DROPIN_DIR "zz-pciferry.cfg"
#define VARIABLE "GRUB_CMDLINE_LINUX_DEFAULT"

/* grub-mkconfig is a script of 10 KiB. */
#define MKCONFIG_MAX ((size_t)1 << 20)

static bool reads_dropins(const struct root *root)
{
	autofree char *script = NULL;

	return root_read(root, "/usr/sbin/grub-mkconfig", MKCONFIG_MAX, &script, NULL) ==
		       0 &&
	       strstr(script, "default/grub.d");
}

/* Paths that mean another program owns the command line, whatever GRUB files there are.
 */
static const char *const others[] = {
	"/etc/kernel/proxmox-boot-uuids", /* Proxmox VE: proxmox-boot-tool */
	"/etc/kernelstub/configuration", /* Pop!_OS */
	"/run/ostree-booted", /* ostree: /etc is not where this is kept */
};

static bool boots(const struct host *host)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (root_exists(host->root, others[i]))
			return false;
	/* "initrd=\..." is how systemd-boot and the EFI stub name the image. */
	if (host->cmdline && strstr(host->cmdline, "initrd=\\"))
		return false;
	return root_exists(host->root, "/usr/sbin/update-grub") &&
	       root_exists(host->root, "/boot/grub") && reads_dropins(host->root);
}

static int source_file(const struct file *f, struct shell_vars *vars, struct err *err)
{
	if (f->problem)
		return err_set(err, -EIO, "%s", f->problem);
	return f->text ? shell_source(vars, f->path, f->text, err) : 0;
}

/* Sources what grub-mkconfig would; with_ours, our drop-in takes part with this text. */
static int source_all(const struct host *host, const char *ours, struct shell_vars *vars,
	struct err *err)
{
	int r = source_file(host_file(host, MAIN), vars, err);
	bool done = !ours;

	/* The scan has them by name; ours may be at its head, for it is always looked
	 * for. */
	for (size_t i = 0; r == 0 && i < host->n_files; i++) {
		const struct file *f = &host->files[i];

		if (!after_prefix(f->path, DROPIN_DIR) || streq(f->path, DROPIN))
			continue;
		if (!done && strcmp(f->path, DROPIN) > 0) {
			done = true;
			r = shell_source(vars, DROPIN, ours, err);
		}
		if (r == 0)
			r = source_file(f, vars, err);
	}
	return r == 0 && !done ? shell_source(vars, DROPIN, ours, err) : r;
}

static int effective_words(
	const struct host *host, const char *ours, char ***ret, struct err *err)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const struct shell_var *all, *normal;
	autofree char *line = NULL;
	int r = source_all(host, ours, &vars, err);

	if (r < 0)
		return r;
	all = shell_get(&vars, "GRUB_CMDLINE_LINUX");
	normal = shell_get(&vars, VARIABLE);
	if (asprintf(&line, "%s %s", all ? all->value : "", normal ? normal->value : "") <
		0)
		return line = NULL, err_oom(err);
	return words_split(line, ret) < 0 ? err_oom(err) : 0;
}

static int words(const struct host *host, char ***ret, struct err *err)
{
	return effective_words(host, NULL, ret, err);
}

static int effective(const struct host *host, char ***ret, struct err *err)
{
	return effective_words(host, host_text(host, DROPIN), ret, err);
}

/* A later drop-in that sets the variable anew would silently drop our words. */
static int check_survival(struct build *b, char *const *wanted, const char *text)
{
	autostrv char **have = NULL;
	struct err err;
	int r = effective_words(b->host, text, &have, &err);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return build_finding(b, FINDING_REFUSAL, "grub-config", "%s", err.text);
	strv_foreach (word, wanted)
		if (!strv_has(have, word))
			return build_finding(b, FINDING_REFUSAL, "grub-config",
				"A file in " DROPIN_DIR
				" that is read after ours sets " VARIABLE
				" without keeping what it was, so %s would get lost: let "
				"it keep $" VARIABLE ".",
				word);
	return 0;
}

static int set(struct build *b, char *const *wanted)
{
	autofree char *joined = NULL, *text = NULL;
	int r;

	if (!wanted)
		return build_change(b, DROPIN, NULL, "no words are needed any more");
	if (strv_join(wanted, " ", &joined) < 0)
		return -ENOMEM;
	if (asprintf(&text,
		    "# Made by pciferry(8) from " CLAIMS_PATH "; changes here are lost.\n"
		    "# Recovery entries do not read this variable and stay as they "
		    "are.\n" VARIABLE "=\"$" VARIABLE " %s\"\n",
		    joined) < 0)
		return text = NULL, -ENOMEM;
	r = check_survival(b, wanted, text);
	return r < 0 ? r
		     : build_change(b, DROPIN, text,
			       "kernel command line of the normal entries");
}

static const char *const update_grub[] = { "/usr/sbin/update-grub", NULL };

const struct loader loader_grub = {
	.id = "grub",
	.title = "GRUB",
	.boots = boots,
	.words = words,
	.effective = effective,
	.set = set,
	.refresh = update_grub,
	.refresh_why = "writes the kernel command line into /boot/grub/grub.cfg",
	.product = "/boot/grub/grub.cfg",
};
