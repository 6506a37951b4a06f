// SPDX-License-Identifier: GPL-2.0-or-later
/* When the last screen goes: whether one can still get in, over the network or by wire.
 */
#include "core/planner/console.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"
#include "core/plan/draft.h"

static bool is_claimed(const struct draft *draft, const struct device *d)
{
	const struct claim *claim = claims_find(&draft->plan->claims, d->address);

	return claim && draft_device(draft, claim) == d;
}

/* A display that goes with this plan, if none is left then; NULL: one is, or none goes.
 */
static const struct device *last_display(const struct draft *draft)
{
	const struct device *last = NULL;

	for (size_t i = 0; i < draft->host->n_devices; i++) {
		const struct device *d = &draft->host->devices[i];

		if (!device_is_display(d) || device_is_passed(d))
			continue;
		if (!is_claimed(draft, d))
			return NULL;
		last = d;
	}
	return last;
}

/* The cards that lead to the default gateway or to the user's session all go as well. */
static bool network_goes(const struct draft *draft)
{
	bool any = false;

	for (size_t i = 0; i < draft->host->n_devices; i++) {
		const struct device *d = &draft->host->devices[i];

		for (size_t j = 0; j < d->n_lifelines; j++) {
			if (!streq(d->lifelines[j].name, "network"))
				continue;
			if (!is_claimed(draft, d))
				return false;
			any = true;
		}
	}
	return any;
}

/* Why nobody gets in over the network, or NULL. */
static const char *unreachable(const struct draft *draft)
{
	const struct reach *reach = &draft->host->reach;

	return !reach->server
		       ? "nothing starts an SSH server at boot (on most hosts: apt or dnf install openssh-server, systemctl enable --now ssh or sshd)"
	       : reach->known && !reach->addresses
		       ? "the host has no address in a network now"
	       : network_goes(draft)
		       ? "the network card that it is reached by goes as well"
		       : NULL;
}

/* A console on a serial line, which the kernel was told of. */
static const char *serial_console(char *const *words)
{
	strv_foreach (word, words) {
		const char *to = after_prefix(word, "console=");

		if (to && (after_prefix(to, "ttyS") || after_prefix(to, "ttyAMA") ||
				  after_prefix(to, "hvc")))
			return word;
	}
	return NULL;
}

static void tell_reachable(struct draft *draft, const struct device *d)
{
	const struct reach *reach = &draft->host->reach;
	autofree char *addresses = strv_join(reach->addresses, ", ");

	draft_finding(draft, FINDING_WARNING, FOUND_CONSOLE_DARK, d->address,
		"With %s the host's last display goes: its console is dark after the reboot. An SSH server is started at boot (%s); the host's address is %s. Log in from another machine once, before you reboot.",
		d->address, reach->server, addresses[0] ? addresses : "not known here");
}

void plan_console(struct draft *draft)
{
	const struct device *d = draft->enable_only ? NULL : last_display(draft);
	const char *why = d ? unreachable(draft) : NULL, *serial;
	bool accepted = strv_has(draft->request->accepted, "console");
	autostrv char **words = NULL;
	struct claim *claim;

	if (!d)
		return;
	if (!why) {
		tell_reachable(draft, d);
		return;
	}
	if (draft->host->cmdline)
		words = kargs_split(draft->host->cmdline);
	serial = serial_console(words);
	if (serial) {
		draft_finding(draft, FINDING_WARNING, FOUND_CONSOLE_DARK, d->address,
			"With %s the host's last display goes: its console is dark after the reboot. What is left is the serial console (%s); over the network nobody gets in: %s.",
			d->address, serial, why);
		return;
	}
	claim = claims_find(&draft->plan->claims, d->address);
	if (accepted)
		strv_add_new(&claim->accepted, "console");
	accepted |= strv_has(claim->accepted, "console") && !draft->now;
	draft_finding(draft, accepted ? FINDING_WARNING : FINDING_REFUSAL,
		FOUND_LIFELINE_CONSOLE, d->address,
		accepted
			? "With %s the host's last display goes, and no way in over the network is left: %s. Accepted by its name, \"console\"."
			: "With %s the host's last display goes: its console is dark after the reboot, and no way in over the network is left: %s. See to that first, or accept it by its name, \"console\".",
		d->address, why);
}
