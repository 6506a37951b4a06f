// SPDX-License-Identifier: GPL-2.0-or-later
/* The user's words on the kernel command line: where they stand, which do nothing or
 * harm. */
#include "core/existing/kargs.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/jsonlist.h"
#include "core/format/token.h"
#include "core/format/kargs.h"
#include "core/host/iommu.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/entries.h"
#include "core/loader/loader.h"
#include "core/existing/existing.h"

/* Files that could hold a command line: all but those known to be something else. */
static bool may_hold_words(const struct file *f)
{
	static const char *const others[] = { CLAIMS_PATH, "/etc/modules",
		"/etc/initramfs-tools/", "/etc/driverctl.d/" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (after_prefix(f->path, others[i]))
			return false;
	return f->text && path_is_users(f->path) && !strstr(f->path, "/modprobe.d/") &&
	       !strstr(f->path, "/udev/rules.d/");
}

char *existing_karg_place(const struct host *host, const char *word)
{
	for (size_t i = 0; i < host->n_files; i++) {
		const struct file *f = &host->files[i];
		size_t line = may_hold_words(f) ? token_line(f->text, word) : 0;

		if (line)
			return text_printf("%s:%zu", f->path, line);
	}
	return xstrdup("the kernel command line");
}

char *existing_karg_place_in(
	const struct draft *draft, const char *path, const char *word)
{
	const char *text = host_text(draft->host, path);
	size_t line = text ? token_line(text, word) : 0;

	return line ? text_printf("%s:%zu", path, line) : xstrdup(path);
}

bool existing_karg_goes(
	const struct host *host, const struct evidence *e, const char *word)
{
	for (size_t i = 0; e && !e->loader->instruct && i < host->n_files; i++)
		if (may_hold_words(&host->files[i]) &&
			token_line(host->files[i].text, word))
			return true;
	return false;
}

static void add_if_off(const struct host *host, char *const *kargs, char ***ret)
{
	if (host_iommu_off_karg(host, kargs) ||
		(host->cpu == CPU_INTEL && kargs_igfx_off(kargs)))
		strv_foreach (word, kargs)
			strv_add_new(ret, word);
}

/* The words of what boots with the IOMMU off, or off for graphics: all entries, or single
 * ones. */
static char **words_of_off(const struct draft *draft)
{
	char **all = NULL;

	add_if_off(draft->host, draft->user_kargs, &all);
	for (size_t i = 0; draft->boots && i < draft->boots->n; i++)
		add_if_off(draft->host, draft->boots->list[i].kargs, &all);
	return all;
}

bool existing_igfx_goes(
	const struct host *host, const struct evidence *e, const char *word)
{
	const char *value = strchr(word, '=');
	autostrv char **items = strv_split(value ? value + 1 : "", ",");

	strv_foreach (item, items)
		if (!streq(item, "on") && !streq(item, "igfx_off"))
			return false;
	return existing_karg_goes(host, e, word);
}

/* Why a word is to go where the IOMMU is to be turned on, and how; NULL: it stays. */
static const char *keeps_off(
	const struct draft *draft, const char *word, enum finding_id *ret)
{
	char *const one[] = { (char *)word, NULL };

	if (host_iommu_off_karg(draft->host, one)) {
		*ret = FOUND_IOMMU_WORD;
		return existing_karg_goes(draft->host, draft->loader, word)
			       ? "switches the IOMMU off"
			       : NULL;
	}
	*ret = FOUND_IGFX_OFF;
	return draft->host->cpu == CPU_INTEL && kargs_igfx_off(one) &&
			       existing_igfx_goes(draft->host, draft->loader, word)
		       ? "keeps the integrated GPU out of the IOMMU"
		       : NULL;
}

void existing_turn_on(struct draft *draft)
{
	autostrv char **all = draft->plan->claims.iommu_on ? words_of_off(draft) : NULL;

	strv_foreach (word, all) {
		autofree char *place = NULL;
		enum finding_id id;
		const char *why = keeps_off(draft, word, &id);

		if (!why || strv_has(draft->unwanted, word))
			continue;
		place = existing_karg_place(draft->host, word);
		strv_add(&draft->unwanted, word);
		draft_finding(draft, FINDING_INFO, id, NULL,
			"%s: %s %s. It is taken out.", place, word, why);
	}
	if (draft->user_kargs)
		kargs_without(draft->user_kargs, draft->unwanted);
}

void existing_acs_off(struct draft *draft)
{
	strv_foreach (word, draft->request->acs_off ? draft->user_kargs : NULL) {
		bool goes = existing_karg_goes(draft->host, draft->loader, word);
		autofree char *place = NULL;

		if (!after_prefix(word, "pcie_acs_override=") ||
			strv_has(draft->unwanted, word))
			continue;
		place = existing_karg_place(draft->host, word);
		if (goes)
			strv_add(&draft->unwanted, word);
		draft_finding(draft, goes ? FINDING_INFO : FINDING_WARNING,
			FOUND_ACS_OVERRIDE, NULL, "%s: %s %s", place, word,
			goes ? "is taken out. Groups are others after the reboot."
			     : "stands in no file that is known here: take it out by hand.");
	}
	kargs_without(draft->user_kargs, draft->unwanted);
}

/*
 * What guides have people add, and the kernel does not know (drivers/iommu/amd/init.c,
 * parse_amd_iommu_options; drivers/iommu/intel/iommu.c, intel_iommu_setup;
 * arch/x86/kernel/pci-dma.c, iommu_setup).
 */
static const struct {
	const char *name, *item, *why;
} folklore[] = {
	{ "amd_iommu", "on",
		"the kernel knows no such value, AMD's IOMMU is on by itself" },
	{ "amd_iommu", "pt", "the kernel knows no such value; iommu=pt is the word" },
	{ "intel_iommu", "pt", "the kernel knows no such value; iommu=pt is the word" },
	{ "iommu", "on", "the kernel knows no such value" },
	{ "iommu", "1", "the kernel knows no such value" },
};

static void tell_word(struct draft *draft, const char *word, const char *why)
{
	autofree char *place = existing_karg_place(draft->host, word);

	if (draft->request->clean)
		strv_add(&draft->unwanted, word);
	draft_finding(draft, FINDING_INFO, FOUND_FOLKLORE, NULL,
		"%s: %s does nothing: %s. %s", place, word, why,
		!draft->request->clean ? "It is left as it is."
		: strchr(place, ':')
			? "It is taken out."
			: "It stands in no file that is known here: take it out by hand.");
}

/* Whether every kernel here uses the simple framebuffer, on which video= does not act. */
static bool only_simple_framebuffers(const struct draft *draft)
{
	for (size_t i = 0; i < draft->host->n_kernels; i++)
		if (kernel_config(&draft->host->kernels[i], "CONFIG_SYSFB_SIMPLEFB") !=
			'y')
			return false;
	return draft->host->n_kernels;
}

static void tell_folklore(struct draft *draft, char *word)
{
	char *const one[] = { word, NULL };
	const char *video = kargs_value(one, "video");

	for (size_t i = 0; i < ARRAY_SIZE(folklore); i++)
		if (kargs_value_has(one, folklore[i].name, folklore[i].item)) {
			tell_word(draft, word, folklore[i].why);
			return;
		}
	if (kargs_value(one, "rd.driver.pre") && draft->generator &&
		!streq(draft->generator->row->id, "dracut"))
		tell_word(draft, word, "only dracut's initramfs reads it");
	else if (kargs_value(one, "pcie_acs_override") &&
		 draft->host->acs_patch == ACS_MISSING)
		tell_word(draft, word, "the running kernel lacks the patch for it");
	else if (video &&
		 (after_prefix(video, "efifb:off") ||
			 after_prefix(video, "vesafb:off")) &&
		 only_simple_framebuffers(draft))
		tell_word(draft, word,
			"the kernels here have a simple framebuffer (CONFIG_SYSFB_SIMPLEFB), which does not read it");
}

/* Words that keep vfio-pci, or all of this, from working at every boot. */
static void refuse_word(struct draft *draft, char *word)
{
	static const char *const blacklists[] = { "module_blacklist",
		"modprobe.blacklist" };
	char *const one[] = { word, NULL };
	bool off = kargs_value(one, "pciferry.off");
	autofree char *place = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(blacklists); i++)
		off |= kargs_value_has(one, blacklists[i], "vfio_pci") ||
		       kargs_value_has(one, blacklists[i], "vfio-pci");
	if (!off || draft->plan->claims.n == 0)
		return;
	place = existing_karg_place(draft->host, word);
	draft_finding(draft, FINDING_REFUSAL, FOUND_VFIO_OFF, NULL,
		"%s: %s keeps vfio-pci from every device at every boot: take it out to hand devices over.",
		place, word);
}

void existing_tell_kargs(struct draft *draft)
{
	autostrv char **told = NULL; /* a word may be in the entries of several kernels */

	strv_foreach (word, draft->user_kargs)
		if (!strv_has(told, word)) {
			tell_folklore(draft, word);
			refuse_word(draft, word);
			strv_add(&told, word);
		}
}

/* Out of the list of kernelstub, with what joins a string to the others. */
static void drop_json(const char *path, char *const *kargs, char **text)
{
	static const char *const keys[] = { "user", "kernel_options", NULL };
	autofree char *after = NULL;
	struct err err;

	if (json_list_set(path, *text, keys, kargs, NULL, &after, &err) < 0)
		return; /* no such list: nothing was told of it */
	free(*text);
	*text = TAKE(after);
}

void existing_clean_kargs(struct draft *draft)
{
	autostrv char **running = NULL;
	const char *root;

	if (draft->host->cmdline)
		running = kargs_split(draft->host->cmdline);
	root = kargs_value(running, "root");
	for (size_t i = 0; draft->unwanted && i < draft->host->n_files; i++) {
		const struct file *f = &draft->host->files[i];
		const char *planned = draft_text(draft, f->path);
		autofree char *text = planned ? xstrdup(planned) : NULL;

		if (!text || !may_hold_words(f))
			continue;
		if (text[0] == '{') {
			drop_json(f->path, draft->unwanted, &text);
		} else {
			strv_foreach (word, draft->unwanted)
				token_drop(text, word, root);
		}
		if (!streq(text, planned))
			draft_change(draft, f->path, text,
				host_iommu_off_karg(draft->host, draft->unwanted)
					? "words that switch the IOMMU off go"
				: draft->request->clean ? "words that do nothing go"
							: "words that are not wanted go");
	}
}
