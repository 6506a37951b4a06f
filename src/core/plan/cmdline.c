// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel command line: how our words get there; words.c says which they are. */
#include "core/base/strv.h"
#include "core/loader/loader.h"
#include "core/method/users.h"

static int no_loader(struct build *b, char *const *words)
{
	autofree char *line = NULL;

	if (!words)
		return 0;
	if (strv_join(words, " ", &line) < 0)
		return -ENOMEM;
	return build_finding(b, FINDING_REFUSAL, "unknown-loader",
		"No boot loader that pciferry knows boots this host. Add this to its "
		"kernel command line yourself: %s",
		line);
}

int build_cmdline(struct build *b)
{
	const struct loader *loader = b->host->loader;
	autostrv char **words = NULL;
	size_t before = b->plan->n_changes;
	int r = build_words(b, &words);

	if (r < 0)
		return r;
	if (!loader)
		return no_loader(b, words);
	if (strv_copy(words, &b->plan->words) < 0)
		return -ENOMEM;
	/* Unread, the user's own words may work against ours. */
	if (b->words_problem && b->plan->claims.n)
		return build_finding(b, words ? FINDING_REFUSAL : FINDING_WARNING,
			"unreadable-config", "%s", b->words_problem);
	r = loader->set(b, words);
	if (r == 0)
		r = users_clean_words(b);
	if (r == 0 && b->plan->n_changes > before)
		r = build_command(b, loader->refresh, loader->refresh_why) < 0
			    ? -ENOMEM
			    : build_product(b, loader->product, NULL, words,
				      "the boot loader's menu");
	return r;
}
