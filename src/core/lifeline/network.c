// SPDX-License-Identifier: GPL-2.0-or-later
/* From a network interface to the cards below it, and whose default route it has. */
#include "core/lifeline/network.h"
#include "core/base/strv.h"
#include "core/lifeline/routes.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#define NET "/sys/class/net"
#define PATH_SIZE 320

/*
 * A bridge has the guests' interfaces beside the card, and those end nowhere. So an end
 * in software is a doubt only where no card with a link was found as well.
 */
struct search {
	struct walk w;
	bool linked; /* arrived at a device that has a link */
	char *stuck; /* the layers of the first end that is no device */
	const char *why;
};

static void search_done(struct search *s)
{
	walk_done(&s->w);
	free(s->stuck);
}

static void stuck(struct search *s, const char *why)
{
	if (s->stuck)
		return;
	s->why = why;
	s->stuck = strv_join(s->w.trail, ", on ");
}

/* No link: the attribute is 0, or cannot be read since the interface is down (-EINVAL).
 */
static bool has_link(const struct root *root, const char *name)
{
	autofree char *carrier = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), NET "/%.200s/carrier", name);
	r = root_read_attr(root, path, &carrier);
	return r != -EINVAL && (r < 0 || !streq(carrier, "0"));
}

/* What is below: links lower_NAME (net/core/dev.c), and the ports of a bridge. */
static char **list_lower(const struct root *root, const char *name)
{
	autostrv char **entries = NULL, **ports = NULL;
	char path[PATH_SIZE], **lower = NULL;

	(void)snprintf(path, sizeof(path), NET "/%.200s", name);
	if (root_list(root, path, &entries) == 0)
		strv_foreach (entry, entries) {
			const char *below = after_prefix(entry, "lower_");

			if (below)
				strv_add_new(&lower, below);
		}
	(void)snprintf(path, sizeof(path), NET "/%.200s/brif", name);
	if (root_list(root, path, &ports) == 0)
		strv_foreach (port, ports)
			strv_add_new(&lower, port);
	return lower;
}

static void search_interface(struct search *s, const char *name);

static void search_below(struct search *s, const char *name, const char *target)
{
	const struct root *root = s->w.trace->root;
	autostrv char **lower = NULL;

	if (!path_is_virtual(target)) {
		s->linked |= has_link(root, name);
		walk_arrive(&s->w, target);
		return;
	}
	lower = list_lower(root, name);
	if (!lower)
		stuck(s, "no card below it is known");
	strv_foreach (below, lower)
		search_interface(s, below);
}

static void search_interface(struct search *s, const char *name)
{
	autofree char *target = NULL;
	char path[PATH_SIZE];

	if (!walk_enter(&s->w, name)) {
		stuck(s, "the interfaces go in circles");
		return;
	}
	(void)snprintf(path, sizeof(path), NET "/%.200s", name);
	if (!strchr(name, '/') && root_readlink(s->w.trace->root, path, &target) == 0)
		search_below(s, name, target);
	else
		stuck(s, "there is no such interface");
	walk_leave(&s->w);
}

void trace_interface(struct trace *t, const char *user, const char *interface)
{
	CLEANUP(search_done) struct search s = { .w = { .trace = t, .user = user } };

	search_interface(&s, interface);
	if (s.stuck && !s.linked)
		walk_lost(&s.w, SUSPECT_CARDS, "%s: %s", s.stuck, s.why);
}

/*
 * A host that does not run, whose routes nobody can tell: the cards that its files set up
 * count. Where they speak of other names, or of none, every card does.
 */
static void trace_configured(struct trace *t)
{
	autowalk struct walk w = { .trace = t, .user = "the default route" };
	autostrv char **names = NULL;

	host_note(t->host,
		"Cannot read /proc/net/route: which network cards are in use is not known.");
	names = renames_named(t->host);
	strv_foreach (name, names)
		trace_interface(t, "the network that files in /etc set up", name);
	if (!names)
		walk_lost(&w, SUSPECT_CARDS, "/proc/net/route cannot be read");
}

void trace_default_routes(struct trace *t)
{
	CLEANUP(routes_done) struct routes routes = { 0 };
	autowalk struct walk w = { .trace = t, .user = "a default route" };
	autostrv char **interfaces = NULL;

	if (!routes_read(t->root, &routes)) {
		trace_configured(t);
		return;
	}
	interfaces = routes_default(&routes);
	strv_foreach (interface, interfaces)
		trace_interface(t, "the default route", interface);
	if (routes.hidden_default)
		walk_lost(&w, SUSPECT_CARDS, "in a routing table besides the main one");
}

/* Cards with a link; where none has one, all there are. */
void suspect_cards(struct trace *t, const struct doubt *doubt)
{
	autostrv char **names = NULL;
	bool found = false;

	if (root_list(t->root, NET, &names) == 0)
		strv_foreach (name, names)
			if (has_link(t->root, name) && doubt_path(t, doubt, NET, name))
				found = true;
	for (size_t i = 0; !found && i < t->host->n_devices; i++) {
		struct device *d = &t->host->devices[i];

		if (device_kind(d) == DEVICE_NETWORK && !device_is_passed(d))
			lifeline_add(d, doubt->lifeline, "%s", doubt->why);
	}
}
