// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel command line: how our words get there; words.c says which they are. */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/loader/loader.h"
#include "core/existing/existing.h"

/* Several could boot this host: the user has to say which. */
static int conflict(struct build *b, const char *line)
{
	const struct host *host = b->host;
	autobuf struct buf why = { 0 };
	autofree char *text = NULL;

	for (size_t i = 0; i < host->n_evidence &&
			   host->evidence[i].strength == host->evidence[0].strength;
		i++)
		buf_printf(&why, " %s, --loader %s: %s", host->evidence[i].loader->title,
			host->evidence[i].loader->id, host->evidence[i].why);
	if (buf_take(&why, &text) < 0)
		return -ENOMEM;
	return build_finding(b, FINDING_REFUSAL, "loader-conflict",
		"Several boot loaders could be what boots this host, and %s has to go on "
		"the kernel command line. Say which one it is.%s",
		line, text);
}

/* Without a loader whose files are known there is nothing to write. */
static int no_loader(struct build *b, char *const *words)
{
	autofree char *line = NULL;

	if (!words)
		return 0;
	if (strv_join(words, " ", &line) < 0)
		return -ENOMEM;
	if (b->host->n_evidence)
		return conflict(b, line);
	if (build_instruction(b, "Add this to the kernel command line: %s", line) < 0)
		return -ENOMEM;
	return build_finding(b, FINDING_REFUSAL, "unknown-loader",
		"No boot loader that pciferry knows boots this host. Add this to its "
		"kernel command line yourself: %s",
		line);
}

/* A choice that nothing speaks for is not followed. */
static int check_choice(struct build *b)
{
	const char *choice = b->plan->claims.loader;

	if (!choice || !b->plan->claims.n ||
		(b->loader && streq(b->loader->loader->id, choice)))
		return 0;
	return build_finding(b, FINDING_REFUSAL, "loader-choice",
		"Nothing on this host speaks for the boot loader \"%s\" that you chose: "
		"see pciferry check for those that could be it.",
		choice);
}

/* The way out at the boot menu is not always there. */
static int check_way_out(struct build *b)
{
	if (!b->plan->claims.n || !b->loader || !b->loader->no_prompt)
		return 0;
	return build_finding(b, FINDING_WARNING, "way-out",
		"%s: \"pciferry.off module_blacklist=vfio_pci\" cannot be added at the "
		"boot "
		"menu for one boot. Without it the way back is \"pciferry undo\", or "
		"restore.sh from a rescue system.",
		b->loader->no_prompt);
}

/* Rebuilding unified images is what the initramfs may have asked for already. */
static int refresh(struct build *b, char *const *words)
{
	const struct evidence *e = b->loader;
	size_t at;

	if (!e->refresh)
		return 0;
	at = build_find_command(b, e->refresh);
	if (at == b->plan->n_commands &&
		build_command(b, e->refresh, e->loader->refresh_why) < 0)
		return -ENOMEM;
	return e->loader->product ? build_product(b, at, e->loader->product, NULL, words,
					    "the boot loader's menu")
				  : 0;
}

static void forget(struct claims *claims)
{
	strv_free(claims->added);
	strv_free(claims->made);
	strv_free(claims->way_out);
	claims->added = claims->made = claims->way_out = NULL;
}

int build_cmdline(struct build *b)
{
	autostrv char **words = NULL;
	size_t before = b->plan->n_changes;
	int r = build_words(b, &words);

	if (r == 0)
		r = check_choice(b);
	if (r == 0)
		r = check_way_out(b);
	if (r < 0)
		return r;
	if (!b->loader)
		return no_loader(b, words);
	if (strv_copy(words, &b->plan->words) < 0)
		return -ENOMEM;
	if (b->loader->loader->instruct)
		return 0;
	/* Unread, the user's own words may work against ours. */
	if (b->words_problem && b->plan->claims.n)
		return build_finding(b, words ? FINDING_REFUSAL : FINDING_WARNING,
			"unreadable-config", "%s", b->words_problem);
	forget(&b->plan->claims);
	r = b->loader->loader->set(b, b->loader, words);
	if (r == 0)
		r = users_clean_words(b);
	if (r == 0 && b->plan->n_changes > before)
		r = refresh(b, words);
	return r == 0 && b->loader->loader->products
		       ? b->loader->loader->products(b, words)
		       : r;
}
