// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether what boots this host is known, and in force. */
#include "core/base/strv.h"
#include "core/check/check.h"
#include "core/edit/words.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"

int check_loader(const struct host *host, struct check *c)
{
	if (host->loader)
		return check_say(c, CHECK_OK, "%s boots this host.", host->loader->title);
	if (check_say(c, CHECK_WARN,
		    "No boot loader that pciferry knows boots this host.") < 0)
		return -ENOMEM;
	return check_fix(c, "Plans say which words its kernel command line needs; add "
			    "them yourself.");
}

int check_initramfs(const struct host *host, struct check *c)
{
	if (host->initramfs)
		return check_say(
			c, CHECK_OK, "%s builds the initramfs.", host->initramfs->title);
	return check_say(c, CHECK_FAIL,
		"No initramfs generator that pciferry knows builds this host's images.");
}

/* The words that the loader's files give must be those this boot had. */
int check_cmdline(const struct host *host, struct check *c)
{
	autostrv char **configured = NULL, **running = NULL, **missing = NULL;
	autofree char *list = NULL;
	struct err err;
	int r;

	if (!host->loader || !host->cmdline)
		return check_say(c, CHECK_UNKNOWN,
			"The configured and the running kernel command line cannot be "
			"compared.");
	r = host->loader->effective(host, &configured, &err);
	if (r == -ENOMEM || words_split(host->cmdline, &running) < 0)
		return -ENOMEM;
	if (r < 0)
		return check_say(c, CHECK_WARN, "%s", err.text);
	strv_foreach (word, configured)
		if (!strv_has(running, word) && strv_add(&missing, word) < 0)
			return -ENOMEM;
	if (!missing)
		return check_say(c, CHECK_OK,
			"This boot had every word that %s is configured to give.",
			host->loader->title);
	if (strv_join(missing, " ", &list) < 0 ||
		check_say(c, CHECK_WARN, "This boot did not have: %s.", list) < 0)
		return -ENOMEM;
	return check_fix(c, "A reboot is pending, or %s has not been refreshed.",
		host->loader->title);
}
