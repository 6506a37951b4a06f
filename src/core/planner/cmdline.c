// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel command line: how our words get there; words.c says which they are. */
#include "core/planner/cmdline.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/existing/kargs.h"
#include "core/loader/loader.h"
#include "core/existing/existing.h"
#include "core/planner/kargs.h"

/* Several could boot this host: the user has to say which. */
static int conflict(struct draft *draft, const char *line)
{
	const struct host *host = draft->host;
	autobuf struct buf why = { 0 };
	autofree char *text = NULL;

	for (size_t i = 0; i < host->n_evidence &&
			   host->evidence[i].confidence == host->evidence[0].confidence;
		i++)
		buf_printf(&why, " %s, --loader %s: %s", host->evidence[i].loader->title,
			host->evidence[i].loader->id, host->evidence[i].why);
	if (buf_take(&why, &text) < 0)
		return -ENOMEM;
	return draft_finding(draft, FINDING_REFUSAL, FOUND_LOADER_CONFLICT, NULL,
		"Several boot loaders could be what boots this host, and %s has to go on the kernel command line. Say which one it is.%s",
		line, text);
}

/* Without a loader whose files are known there is nothing to write. */
static int no_loader(struct draft *draft, char *const *kargs)
{
	autofree char *line = NULL;

	if (!kargs)
		return 0;
	if (strv_join(kargs, " ", &line) < 0)
		return -ENOMEM;
	if (draft->host->n_evidence)
		return conflict(draft, line);
	if (draft_instruction(draft, "Add this to the kernel command line: %s", line) < 0)
		return -ENOMEM;
	return draft_finding(draft, FINDING_REFUSAL, FOUND_UNKNOWN_LOADER, NULL,
		"No boot loader that pciferry knows boots this host. Add this to its kernel command line yourself: %s",
		line);
}

/* A choice that nothing speaks for is not followed. */
static int check_choice(struct draft *draft)
{
	const char *choice = draft->plan->claims.loader;

	if (!choice || !draft->plan->claims.n ||
		(draft->loader && streq(draft->loader->loader->id, choice)))
		return 0;
	return draft_finding(draft, FINDING_REFUSAL, FOUND_LOADER_CHOICE, NULL,
		"Nothing on this host speaks for the boot loader \"%s\" that you chose: see pciferry check for those that could be it.",
		choice);
}

/* The way out at the boot menu is not always there. */
static int check_rescue(struct draft *draft)
{
	if (!draft->plan->claims.n || !draft->loader || !draft->loader->no_prompt)
		return 0;
	return draft_finding(draft, FINDING_WARNING, FOUND_WAY_OUT, NULL,
		"%s: \"pciferry.off module_blacklist=vfio_pci\" cannot be added at the boot menu for one boot. Without it the way back is \"pciferry undo\", or restore.sh from a rescue system.",
		draft->loader->no_prompt);
}

/* Rebuilding unified images is what the initramfs may have asked for already. */
static int refresh(struct draft *draft, char *const *kargs)
{
	const struct evidence *e = draft->loader;
	size_t at;

	if (!e->refresh)
		return 0;
	at = draft_find_command(draft, e->refresh);
	if (at == draft->plan->steps.n_commands &&
		draft_command(draft, e->refresh, e->loader->refresh_why) < 0)
		return -ENOMEM;
	return e->loader->artifact ? draft_artifact(draft, at, e->loader->artifact, NULL,
					     kargs, "the boot loader's menu")
				   : 0;
}

static void forget(struct claims *claims)
{
	strv_free(claims->added);
	strv_free(claims->made);
	strv_free(claims->rescue);
	claims->added = claims->made = claims->rescue = NULL;
}

int plan_cmdline(struct draft *draft)
{
	autostrv char **kargs = NULL;
	size_t before = draft->plan->steps.n_changes;
	int r = plan_kargs(draft, &kargs);

	if (r == 0)
		r = check_choice(draft);
	if (r == 0)
		r = check_rescue(draft);
	if (r < 0)
		return r;
	if (!draft->loader)
		return no_loader(draft, kargs);
	if (strv_copy(kargs, &draft->plan->kargs) < 0)
		return -ENOMEM;
	if (draft->loader->loader->instruct)
		return 0;
	/* Unread, the user's own words may work against ours. */
	if (draft->kargs_problem && draft->plan->claims.n)
		return draft_finding(draft, kargs ? FINDING_REFUSAL : FINDING_WARNING,
			FOUND_UNREADABLE_CONFIG, NULL, "%s", draft->kargs_problem);
	forget(&draft->plan->claims);
	r = draft->loader->loader->edit(draft, draft->loader, kargs);
	if (r == 0)
		r = existing_clean_kargs(draft);
	if (r == 0 && draft->plan->steps.n_changes > before)
		r = refresh(draft, kargs);
	return r == 0 && draft->loader->loader->artifacts
		       ? draft->loader->loader->artifacts(draft, kargs)
		       : r;
}
