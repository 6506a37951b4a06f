// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unified kernel images: the command line is a part of the image, which is built anew.
 * mkinitcpio takes it from /etc/kernel/cmdline or /usr/lib/kernel/cmdline and from
 * /etc/cmdline.d, dracut from kernel_cmdline in its configuration, kernel-install, where
 * install.conf says layout=uki, from /etc/kernel/cmdline (kernel-install(8), ukify).
 */
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/array.h"
#include "core/format/shell.h"
#include "core/loader/copies.h"
#include "core/loader/inplace.h"
#include "core/loader/loader.h"
#include "core/loader/shellvar.h"

#define MKINITCPIO "/usr/bin/mkinitcpio"
#define CMDLINE_DIR "/etc/cmdline.d/"
#define DROPIN CMDLINE_DIR "zz-pciferry.conf"
#define PRESETS "/etc/mkinitcpio.d/"
#define SCRIPT_MAX ((size_t)1 << 20)

/* A preset has "default_uki=/efi/EFI/Linux/arch.efi". */
static const char *preset_with(const struct host *host, const char *what)
{
	for (size_t i = 0; i < host->n_files; i++) {
		const struct file *f = &host->files[i];
		const char *at = f->text && after_prefix(f->path, PRESETS) ? f->text : "";

		for (; *at; at += strcspn(at, "\n"), at += *at == '\n') {
			const char *found = strstr(at, what);

			if (at[strspn(at, " \t")] != '#' && found &&
				(size_t)(found - at) < strcspn(at, "\n"))
				return f->path;
		}
	}
	return NULL;
}

static bool look_mkinitcpio(const struct probe *p, struct evidence *e)
{
	const char *preset = preset_with(p->host, "_uki=");
	autofree char *script = NULL;

	if (!preset)
		return false;
	e->dropins = root_read(p->root, MKINITCPIO, SCRIPT_MAX, &script, NULL) == 0 &&
		     strstr(script, "cmdline.d");
	evidence_say(e, CONFIDENCE_FILES, "%s makes a unified kernel image.", preset);
	return true;
}

/* mkinitcpio would take the running kernel's line then, ours included once they are
 * there: they could not be taken back. */
static void refuse_running(struct draft *draft)
{
	autofree char *line = NULL;

	if (draft->host->cmdline) {
		line = loader_running_line(draft->host);
		draft_instruction(draft, "# in " KERNEL_CMDLINE ":\n%s", line);
	}
	draft_finding(draft, FINDING_REFUSAL, FOUND_UNSET_CMDLINE, NULL,
		"No file has the command line of the images: mkinitcpio takes the running kernel's. Write your whole kernel command line into " KERNEL_CMDLINE
		" first, so that it can be added to.");
}

static void set_mkinitcpio(
	struct draft *draft, const struct evidence *e, char *const *wanted)
{
	const char *preset = preset_with(draft->host, "--cmdline");
	autofree char *joined = NULL, *text = NULL;

	if (preset && wanted) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_PRESET_CMDLINE, NULL,
			"%s names a file of its own for the kernel command line with --cmdline: take that out, so that " KERNEL_CMDLINE
			" counts.",
			preset);
		return;
	}
	if (wanted && !draft->user_kargs) {
		refuse_running(draft);
		return;
	}
	if (!e->dropins) {
		inplace_edit(draft, e, wanted);
		return;
	}
	if (!wanted) {
		draft_change(draft, DROPIN, NULL, "no words are needed any more");
		return;
	}
	joined = strv_join(wanted, " ");
	text = text_printf("# Made by pciferry(8) from " CLAIMS_PATH
			   "; changes here are lost.\n"
			   "%s\n",
		joined);
	draft_change(draft, DROPIN, text, "kernel command line of the images");
}

/* All files together are one command line. */
static int words_mkinitcpio(const struct host *host, const struct evidence *e,
	bool with_ours, char ***ret, struct err *err)
{
	const char *etc = host_text(host, KERNEL_CMDLINE);
	autostrv char **list = NULL;

	(void)e;
	for (size_t i = 0; i < host->n_files; i++) {
		const struct file *f = &host->files[i];
		const struct cmdline_edit all = { 0 };
		autostrv char **kargs = NULL;
		size_t n = 0;
		bool counts = streq(f->path, KERNEL_CMDLINE) ||
			      (!etc && streq(f->path, DISTRIBUTION_CMDLINE)) ||
			      (after_prefix(f->path, CMDLINE_DIR) &&
				      (with_ours || !streq(f->path, DROPIN)));

		if (!counts || (!f->text && !f->problem))
			continue;
		if (f->problem)
			return err_set(err, -EIO, "%s", f->problem);
		cmdlines_kargs(f->text, &format_cmdline, &all, &kargs, &n);
		strv_foreach (word, kargs)
			strv_add(&list, word);
	}
	if (list && !with_ours)
		kargs_without(list, host->claims.added);
	*ret = TAKE(list);
	return 0;
}

/* An image has its command line as text: each word is looked for in it. "cmdline" is the
 * name of that part, so that grep always finds something. */
static void image_artifact(
	struct draft *draft, size_t command, const char *path, char *const *kargs)
{
	static const char *const grep[] = { "/usr/bin/grep", "-a", "-o", "-e", "cmdline",
		NULL };
	autostrv char **list = strv_copy((char *const *)grep);

	strv_foreach (word, kargs) {
		strv_add(&list, "-e");
		strv_add(&list, word);
	}
	draft_artifact(draft, command, path, (const char *const *)list, kargs,
		"a unified kernel image");
}

/* "default_uki=" of each preset that is in PRESETS. */
static void preset_artifacts(
	struct draft *draft, size_t command, const struct file *f, char *const *kargs)
{
	CLEANUP(array_done) struct array presets = { 0 };

	array_source(f->text, "PRESETS", &presets);
	strv_foreach (preset, presets.tokens) {
		CLEANUP(array_done) struct array uki = { 0 };
		autofree char *name = text_printf("%s_uki", preset);

		array_source(f->text, name, &uki);
		if (uki.tokens && uki.tokens[0][0] == '/')
			image_artifact(draft, command, uki.tokens[0], kargs);
	}
}

static const char *const mkinitcpio[] = { MKINITCPIO, "-P", NULL };

static void artifacts_mkinitcpio(struct draft *draft, char *const *kargs)
{
	size_t command = draft_find_command(draft, mkinitcpio);

	for (size_t i = 0;
		command < draft->plan->steps.n_commands && i < draft->host->n_files; i++)
		if (after_prefix(draft->host->files[i].path, PRESETS) &&
			draft->host->files[i].text)
			preset_artifacts(draft, command, &draft->host->files[i], kargs);
}

/* Its words are not looked for: an older one of the same kernel may lie beside it. */
static void kept_artifact(
	struct draft *draft, const struct boot_copy *c, const char *const *argv)
{
	size_t command = draft_find_command(draft, argv);

	if (command < draft->plan->steps.n_commands)
		copies_artifact(
			draft, command, c->image, NULL, NULL, "a unified kernel image");
}

static const struct loader_file files[] = {
	{ .path = KERNEL_CMDLINE, .format = &format_cmdline },
	{ 0 },
};
static const struct watched mkinitcpio_watched[] = {
	{ .path = DISTRIBUTION_CMDLINE },
	{ .path = DROPIN },
	{ .path = CMDLINE_DIR, .suffix = ".conf" },
	{ .path = PRESETS, .suffix = ".preset" },
	{ 0 },
};
static const char *const mkinitcpio_needs[] = { MKINITCPIO, NULL };

const struct loader loader_unified_mkinitcpio = {
	.id = "unified-mkinitcpio",
	.title = "A unified kernel image by mkinitcpio",
	.by = BY_STUB,
	.needs = mkinitcpio_needs,
	.detect = look_mkinitcpio,
	.files = files,
	.watched = mkinitcpio_watched,
	.kargs = words_mkinitcpio,
	.edit = set_mkinitcpio,
	.refresh = mkinitcpio,
	.refresh_why = "builds the images anew, with the kernel command line",
	.artifacts = artifacts_mkinitcpio,
};

/* dracut: "uefi=yes" makes unified images, kernel_cmdline goes into them. */
static const struct loader_variable variable = {
	.main = "/etc/dracut.conf",
	.dir = "/etc/dracut.conf.d/",
	.dropin = "/etc/dracut.conf.d/zz-pciferry-cmdline.conf",
	.name = "kernel_cmdline",
};

/* The first file that sets the variable, to this value where one is given. */
static const char *dracut_sets(
	const struct host *host, const char *name, const char *value)
{
	for (size_t i = 0; i < host->n_files; i++) {
		CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
		const struct file *f = &host->files[i];
		const struct shell_var *var;

		if (!f->text || streq(f->path, variable.dropin) ||
			(!streq(f->path, variable.main) &&
				!after_prefix(f->path, variable.dir)) ||
			shell_source(&vars, f->path, f->text, NULL) < 0)
			continue;
		var = shell_get(&vars, name);
		if (var && (!value || streq(var->value, value)))
			return f->path;
	}
	return NULL;
}

static bool look_dracut(const struct probe *p, struct evidence *e)
{
	const char *path = dracut_sets(p->host, "uefi", "yes");

	e->dropins = true;
	if (!path)
		return false;
	copies_unified(p, e);
	evidence_say(
		e, CONFIDENCE_FILES, "%s says uefi=yes: a unified kernel image.", path);
	return true;
}

static void set_dracut(struct draft *draft, const struct evidence *e, char *const *wanted)
{
	if (!wanted || dracut_sets(draft->host, variable.name, NULL)) {
		shellvar_edit(draft, e, wanted);
		return;
	}
	draft_finding(draft, FINDING_REFUSAL, FOUND_UNSET_CMDLINE, NULL,
		"No file in /etc/dracut.conf.d sets kernel_cmdline: write your whole kernel command line there first, so that it can be added to.");
}

static const char *const dracut_needs[] = { "/usr/bin/dracut", NULL };
static const char *const dracut[] = { "/usr/bin/dracut", "--force", "--regenerate-all",
	NULL };

static void artifacts_dracut(struct draft *draft, char *const *kargs UNUSED)
{
	for (size_t i = 0; i < draft->loader->n_copies; i++)
		kept_artifact(draft, &draft->loader->copies[i], dracut);
}

const struct loader loader_unified_dracut = {
	.id = "unified-dracut",
	.title = "A unified kernel image by dracut",
	.by = BY_STUB,
	.needs = dracut_needs,
	.detect = look_dracut,
	.variable = &variable,
	.kargs = shellvar_kargs,
	.edit = set_dracut,
	.refresh = dracut,
	.refresh_why = "builds the images anew, with the kernel command line",
	.artifacts = artifacts_dracut,
};

/* kernel-install: the first of these files that is there counts (kernel-install(8)). */
static const struct watched install_conf[] = {
	{ .path = "/etc/kernel/install.conf" },
	{ .path = "/usr/lib/kernel/install.conf" },
	{ 0 },
};

static bool look_kernel_install(const struct probe *p, struct evidence *e)
{
	for (size_t i = 0; install_conf[i].path; i++) {
		CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
		const char *path = install_conf[i].path, *text = host_text(p->host, path);
		const struct shell_var *layout;

		if (!text)
			continue;
		if (shell_source(&vars, path, text, NULL) < 0)
			return false;
		layout = shell_get(&vars, "layout");
		if (!layout || !streq(layout->value, "uki"))
			return false;
		copies_unified(p, e);
		evidence_say(e, CONFIDENCE_FILES, "%s says layout=uki.", path);
		return true;
	}
	return false;
}

#define ADD(k)                                                                           \
	(const char *const[])                                                            \
	{                                                                                \
		"/usr/bin/kernel-install", "add", (k)->release, (k)->image, NULL         \
	}

/* A new initramfs does not get into an image by itself: one command for each kernel,
 * whether the words change or not. */
static void set_kernel_install(
	struct draft *draft, const struct evidence *e, char *const *wanted)
{
	inplace_edit(draft, e, wanted);
	if (!draft->plan->steps.n_commands && !draft_changes(draft, KERNEL_CMDLINE))
		return;
	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		const struct kernel *k = &draft->host->kernels[i];

		if (k->image)
			draft_command(draft, ADD(k),
				"builds the image of a kernel anew, with its command line");
	}
}

static void artifacts_kernel_install(struct draft *draft, char *const *kargs UNUSED)
{
	for (size_t i = 0; i < draft->loader->n_copies; i++) {
		const struct boot_copy *c = &draft->loader->copies[i];
		const struct kernel *k = &draft->host->kernels[c->kernel];

		kept_artifact(draft, c, ADD(k));
	}
}

static const struct loader_file made_files[] = {
	{ .path = KERNEL_CMDLINE, .format = &format_cmdline, .make = true },
	{ 0 },
};
static const char *const kernel_install_needs[] = { "/usr/bin/kernel-install", NULL };

const struct loader loader_unified_kernel_install = {
	.id = "unified-kernel-install",
	.title = "A unified kernel image by kernel-install",
	.by = BY_STUB,
	.needs = kernel_install_needs,
	.detect = look_kernel_install,
	.files = made_files,
	.watched = install_conf,
	.kargs = inplace_kargs,
	.edit = set_kernel_install,
	.artifacts = artifacts_kernel_install,
};
