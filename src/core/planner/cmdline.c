// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel command line: how our words get there; words.c says which they are. */
#include "core/planner/cmdline.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/existing/kargs.h"
#include "core/loader/boots.h"
#include "core/loader/loader.h"
#include "core/loader/unread.h"
#include "core/existing/existing.h"
#include "core/planner/kargs.h"

/* Several could boot this host: the user has to say which. */
static void conflict(struct draft *draft, const char *line)
{
	const struct host *host = draft->host;
	autobuf struct buf why = { 0 };
	autofree char *text = NULL;

	for (size_t i = 0; i < host->n_evidence &&
			   host->evidence[i].confidence == host->evidence[0].confidence;
		i++)
		buf_printf(&why, " %s, --loader %s: %s", host->evidence[i].loader->title,
			host->evidence[i].loader->id, host->evidence[i].why);
	text = buf_take(&why);
	draft_finding(draft, FINDING_REFUSAL, FOUND_LOADER_CONFLICT, NULL,
		"Several boot loaders could be what boots this host, and %s has to go on the kernel command line. Say which one it is.%s",
		line, text);
}

/* Without a loader whose files are known there is nothing to write. */
static void no_loader(struct draft *draft, char *const *kargs)
{
	autofree char *line = NULL;

	if (!kargs)
		return;
	line = strv_join(kargs, " ");
	if (draft->host->n_evidence) {
		conflict(draft, line);
		return;
	}
	draft_instruction(draft, "Add this to the kernel command line: %s", line);
	draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_LOADER, NULL,
		"No boot loader that pciferry knows boots this host. Add this to its kernel command line yourself: %s",
		line);
}

/* A choice that nothing speaks for is not followed. */
static void check_choice(struct draft *draft)
{
	const char *choice = draft->plan->claims.loader;

	if (!choice || !draft->plan->claims.n ||
		(draft->loader && streq(draft->loader->loader->id, choice)))
		return;
	draft_finding(draft, FINDING_REFUSAL, FOUND_LOADER_CHOICE, NULL,
		"Nothing on this host speaks for the boot loader \"%s\" that you chose: see pciferry check for those that could be it.",
		choice);
}

/* The way out at the boot menu is not always there. */
static void check_rescue(struct draft *draft)
{
	if (!draft->plan->claims.n || !draft->loader || !draft->loader->no_prompt)
		return;
	draft_finding(draft, FINDING_WARNING, FOUND_WAY_OUT, NULL,
		"%s: \"%s\" cannot be added at the boot menu for one boot. Without it the way back is \"pciferry undo\", or restore.sh from a rescue system.",
		draft->loader->no_prompt, draft->plan->way_out);
}

static void tell_unread(struct draft *draft)
{
	CLEANUP(unread_done) struct unread unread = { 0 };
	autostrv char **has = NULL;
	struct err err;

	if ((!draft->plan->claims.n && !draft->plan->claims.iommu_on) ||
		loader_any_kargs(draft->host, draft->loader, true, &has, &err) < 0)
		return;
	unread_find(draft->host, draft->loader, has, &unread);
	for (size_t i = 0; i < unread.n; i++) {
		autofree char *text = unread_sentence(&unread, i);

		draft_finding(
			draft, FINDING_WARNING, FOUND_UNREAD_WORD, NULL, "%s", text);
	}
}

/* Rebuilding unified images is what the initramfs may have asked for already. */
static void refresh(struct draft *draft, char *const *kargs)
{
	const struct evidence *e = draft->loader;
	size_t at;

	if (!e->refresh)
		return;
	at = draft_find_command(draft, e->refresh);
	if (at == draft->plan->steps.n_commands)
		draft_command(draft, e->refresh, e->loader->refresh_why);
	if (e->loader->artifact)
		draft_artifact(draft, at, e->loader->artifact, NULL, kargs,
			"the boot loader's menu");
}

/* What reads the loader's files would fail as we did, and all would be put back. */
static void check_refresh(struct draft *draft)
{
	if (draft->kargs_problem && draft->loader->refresh && !plan_refusal(draft->plan))
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNREADABLE_CONFIG, NULL, "%s",
			draft->kargs_problem);
}

static void forget(struct claims *claims)
{
	strv_free(claims->added);
	strv_free(claims->made);
	strv_free(claims->rescue);
	claims->added = claims->made = claims->rescue = NULL;
}

/* Its files are changed, but this boot tells that another may be what reads its own. */
static void doubt_loader(struct draft *draft)
{
	if (draft->loader->confidence != CONFIDENCE_LEFT)
		return;
	draft_finding(draft, FINDING_WARNING, FOUND_LOADER_DOUBT, NULL,
		"Whether %s boots this host is not known. %s Should it not, the words have no effect: see after the reboot whether /proc/cmdline has them.",
		draft->loader->loader->title, draft->loader->why);
}

void plan_cmdline(struct draft *draft)
{
	autostrv char **kargs = plan_kargs(draft);
	size_t before = draft->plan->steps.n_changes;

	check_choice(draft);
	check_rescue(draft);
	tell_unread(draft);
	if (!draft->loader) {
		no_loader(draft, kargs);
		return;
	}
	draft->plan->kargs = strv_copy(kargs);
	if (draft->loader->loader->instruct)
		return;
	/* Unread, the user's own words may work against ours. */
	if (draft->kargs_problem && draft->plan->claims.n) {
		draft_finding(draft, kargs ? FINDING_REFUSAL : FINDING_WARNING,
			FOUND_UNREADABLE_CONFIG, NULL, "%s", draft->kargs_problem);
		return;
	}
	forget(&draft->plan->claims);
	draft->loader->loader->edit(draft, draft->loader, kargs);
	existing_clean_kargs(draft);
	if (draft->plan->steps.n_changes > before) {
		doubt_loader(draft);
		check_refresh(draft);
		refresh(draft, kargs);
	}
	if (draft->loader->loader->artifacts)
		draft->loader->loader->artifacts(draft, kargs);
}
