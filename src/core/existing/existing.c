// SPDX-License-Identifier: GPL-2.0-or-later
/* The user's lines in modprobe.d: what of them is about vfio-pci, and what they do. */
#include "core/existing/existing.h"
#include "core/base/strv.h"
#include "core/existing/devices.h"
#include "core/existing/kargs.h"
#include "core/existing/lists.h"
#include "core/existing/vfs.h"
#include "core/method/method.h"
#include "core/method/softdep.h"

#include <ctype.h>
#include <fnmatch.h>

/* "alias MODALIAS vfio-pci": the devices it is about. It binds none of them. */
static void tell_alias(struct draft *draft, const struct modprobe_line *line)
{
	autostrv char **devices = NULL;
	autofree char *list = NULL;

	if (!line->tokens[2] || !module_name_equal(line->tokens[2], "vfio-pci"))
		return;
	for (size_t i = 0; i < draft->host->n_devices; i++) {
		const struct device *d = &draft->host->devices[i];

		if (d->modalias && fnmatch(line->tokens[1], d->modalias, 0) == 0)
			strv_add(&devices, d->address);
	}
	list = strv_join(devices, ", ");
	draft_finding(draft, FINDING_INFO, FOUND_USER_ALIAS, NULL,
		"%s:%zu gives the modalias of %s to vfio-pci, so that udev loads that for it; it binds the device by ids= or driver_override only.",
		line->path, line->line, devices ? list : "no device here");
}

/* "10de:10f0" behind a blank: the kernel takes it for a parameter of its own. */
static bool is_lone_id(const char *word)
{
	return isxdigit((unsigned char)word[0]) && strchr(word, ':') &&
	       word[strspn(word, "0123456789abcdefABCDEFx:,")] == '\0';
}

static void tell_options(struct draft *draft, const struct modprobe_line *line)
{
	bool quoted = false;

	for (size_t i = 2; line->tokens[i]; i++) {
		const char *word = line->tokens[i];

		if (word[0] == '#') {
			draft_finding(draft, FINDING_WARNING, FOUND_TRAILING_COMMENT,
				NULL,
				"%s:%zu: # begins no comment behind an option: what follows is given to vfio-pci too.",
				line->path, line->line);
			return;
		}
		if (!quoted && is_lone_id(word)) {
			draft_finding(draft, FINDING_WARNING, FOUND_IDS_BLANK, NULL,
				"%s:%zu: ids= ends at a blank, so %s is not among the IDs: separate them by commas only.",
				line->path, line->line, word);
			return;
		}
		for (; *word; word++)
			quoted ^= *word == '"';
	}
}

static void tell_install(struct draft *draft, const struct modprobe_line *line)
{
	const char *command = line->tokens[2] ?: "";
	bool never = has_suffix(command, "/false") || has_suffix(command, "/true") ||
		     streq(command, "false") || streq(command, "true");

	draft_finding(draft,
		never && draft->plan->claims.n ? FINDING_REFUSAL : FINDING_WARNING,
		never ? FOUND_VFIO_OFF : FOUND_INSTALL_LINE, NULL,
		never ? "%s:%zu: this install line keeps vfio-pci from being loaded: take it out to hand devices over."
		      : "%s:%zu: loading vfio-pci runs the command of this install line instead. An initramfs may lack it.",
		line->path, line->line);
}

/* Loading by name from a list of modules heeds a blacklist too; a softdep does not. */
static void tell_blacklist(struct draft *draft, const struct modprobe_line *line)
{
	draft_finding(draft, draft->plan->claims.n ? FINDING_REFUSAL : FINDING_WARNING,
		FOUND_VFIO_OFF, NULL,
		"%s:%zu blacklists vfio-pci, so that it is not loaded at boot: take the line out to hand devices over.",
		line->path, line->line);
}

/* Whether a claim that goes by a softdep needs one for the module. */
static bool is_wanted(const struct draft *draft, const char *module)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++) {
		const struct device *d =
			draft_device(draft, &draft->plan->claims.list[i]);

		strv_foreach (wanting, d ? d->modules : NULL)
			if (module_name_equal(wanting, module))
				return true;
	}
	return false;
}

/* kmod ignores "install" for a module that has a softdep. */
static void tell_softdep(struct draft *draft, const struct modprobe_line *line)
{
	if (method_softdep_counts(draft, line) && is_wanted(draft, line->tokens[1]))
		draft_finding(draft, FINDING_INFO, FOUND_USER_SOFTDEP, NULL,
			"%s:%zu has vfio-pci loaded before %s: it is not written again.",
			line->path, line->line, line->tokens[1]);
	for (size_t i = 0; i < draft->modprobe.n; i++) {
		const struct modprobe_line *other = &draft->modprobe.list[i];

		if (modprobe_is(other, "install", line->tokens[1]) &&
			path_is_users(other->path)) {
			draft_finding(draft, FINDING_WARNING, FOUND_INSTALL_SOFTDEP, NULL,
				"%s:%zu: the softdep for %s cancels the install line at %s:%zu: the module is loaded all the same.",
				line->path, line->line, line->tokens[1], other->path,
				other->line);
			return;
		}
	}
}

static const struct {
	const char *command, *module; /* module NULL: any */
	void (*tell)(struct draft *draft, const struct modprobe_line *line);
} kinds[] = {
	{ "alias", NULL, tell_alias },
	{ "options", "vfio-pci", tell_options },
	{ "install", "vfio-pci", tell_install },
	{ "blacklist", "vfio-pci", tell_blacklist },
	{ "softdep", NULL, tell_softdep },
};

static void tell_line(struct draft *draft, const struct modprobe_line *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (line->tokens[1] && modprobe_is(line, kinds[i].command,
					       kinds[i].module ?: line->tokens[1])) {
			kinds[i].tell(draft, line);
			return;
		}
}

static void tell_unread(struct draft *draft)
{
	strv_foreach (path, draft->host->unread)
		draft_finding(draft, FINDING_INFO, FOUND_NOT_READ, NULL,
			"%s is read by nothing: names in that directory end in .conf or the like.",
			path);
	strv_foreach (doubt, draft->host->doubts)
		draft_finding(
			draft, FINDING_WARNING, FOUND_DOUBTFUL_CONFIG, NULL, "%s", doubt);
}

void existing_watch(struct watches *watches)
{
	existing_watch_lists(watches);
	existing_watch_devices(watches);
	existing_watch_vfs(watches);
}

void existing_tell(struct draft *draft)
{
	for (size_t i = 0; i < draft->modprobe.n; i++)
		if (path_is_users(draft->modprobe.list[i].path))
			tell_line(draft, &draft->modprobe.list[i]);
	tell_unread(draft);
	existing_tell_lists(draft);
	existing_tell_kargs(draft);
	existing_tell_devices(draft);
}
