// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration that names a network interface which has another name now. */
#include "core/planner/network.h"
#include "core/base/strv.h"
#include "core/format/ifname.h"
#include "core/plan/draft.h"

/* A card that vfio-pci has is missing for a good reason, and which name it had is not
 * known any more. */
static bool card_is_passed(const struct host *host)
{
	for (size_t i = 0; i < host->n_devices; i++)
		if (device_kind(&host->devices[i]) == DEVICE_NETWORK &&
			device_is_passed(&host->devices[i]))
			return true;
	return false;
}

/* Names one card only, and no other name of the files could be it as well. */
static bool is_clear(const struct host *host, const struct rename *r)
{
	if (strv_len(r->to) != 1 || card_is_passed(host))
		return false;
	for (size_t i = 0; i < host->renames.n; i++) {
		const struct rename *other = &host->renames.list[i];

		if (!streq(other->from, r->from) && streq(other->to[0], r->to[0]))
			return false;
	}
	return true;
}

static void network_tell(struct draft *draft, const struct rename *r, bool clear)
{
	const char *command = rename_command(r);
	autofree char *list = strv_join(r->to, ", ");

	if (!clear) {
		draft_finding(draft, FINDING_WARNING, FOUND_INTERFACE_GONE, NULL,
			"%s:%zu names the network interface %s, which is not there any more%s. New, and named by no file: %s. If one of them is it, change the name there.",
			r->path, r->line, r->from,
			card_is_passed(draft->host)
				? " (a network card was handed over: it may have been that one)"
				: "",
			list);
		return;
	}
	if (command) {
		draft_finding(draft, FINDING_WARNING, FOUND_INTERFACE_GONE, NULL,
			"%s:%zu names the network interface %s, which is not there any more; %s is new. Change the name there, then run: %s",
			r->path, r->line, r->from, list, command);
		return;
	}
	draft_finding(draft, FINDING_WARNING, FOUND_INTERFACE_GONE, NULL,
		"%s:%zu names the network interface %s, which is not there any more; %s is new. pciferry repair plans the change.",
		r->path, r->line, r->from, list);
}

/* The file with all its renames; one name may be the file's several times. */
static void change(struct draft *draft, const char *path)
{
	autofree char *text = xstrdup(host_text(draft->host, path));

	for (size_t i = 0; i < draft->host->renames.n; i++) {
		const struct rename *r = &draft->host->renames.list[i];
		char *new;

		if (!streq(r->path, path) || !is_clear(draft->host, r))
			continue;
		new = ifname_replace(text, r->from, r->to[0]);
		free(text);
		text = new;
	}
	draft_change(draft, path, text, "the network interface has another name now");
}

void plan_network(struct draft *draft)
{
	const struct renames *renames = &draft->host->renames;

	for (size_t i = 0; i < renames->n; i++) {
		const struct rename *r = &renames->list[i];
		bool clear = is_clear(draft->host, r);

		if (!draft->request->rename || !clear || !rename_is_planned(r))
			network_tell(draft, r, clear);
		else if (!draft_changes(draft, r->path))
			change(draft, r->path);
	}
}
