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

static int stuck(struct search *s, const char *why)
{
	if (s->stuck)
		return 0;
	s->why = why;
	return strv_join(s->w.trail, ", on ", &s->stuck);
}

/* No link: the attribute is 0, or cannot be read since the interface is down (-EINVAL).
 */
static int has_link(const struct root *root, const char *name)
{
	autofree char *carrier = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), NET "/%.200s/carrier", name);
	r = root_read_attr(root, path, &carrier);
	if (r == -ENOMEM)
		return r;
	return r == -EINVAL || (r == 0 && streq(carrier, "0")) ? 0 : 1;
}

/* What is below: links lower_NAME (net/core/dev.c), and the ports of a bridge. */
static int list_lower(const struct root *root, const char *name, char ***ret)
{
	autostrv char **entries = NULL, **ports = NULL, **lower = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), NET "/%.200s", name);
	if (root_list(root, path, &entries) == -ENOMEM)
		return -ENOMEM;
	(void)snprintf(path, sizeof(path), NET "/%.200s/brif", name);
	if (root_list(root, path, &ports) == -ENOMEM)
		return -ENOMEM;
	strv_foreach (entry, entries) {
		const char *below = after_prefix(entry, "lower_");

		if (below && strv_add_new(&lower, below) < 0)
			return -ENOMEM;
	}
	strv_foreach (port, ports)
		if (strv_add_new(&lower, port) < 0)
			return -ENOMEM;
	*ret = TAKE(lower);
	return 0;
}

static int search_interface(struct search *s, const char *name);

static int search_below(struct search *s, const char *name, const char *target)
{
	const struct root *root = s->w.trace->root;
	autostrv char **lower = NULL;
	int r;

	if (!path_is_virtual(target)) {
		r = has_link(root, name);
		if (r > 0)
			s->linked = true;
		if (r >= 0)
			r = walk_arrive(&s->w, target);
		return r < 0 ? r : 0;
	}
	if (list_lower(root, name, &lower) < 0)
		return -ENOMEM;
	if (!lower)
		return stuck(s, "no card below it is known");
	strv_foreach (below, lower)
		if (search_interface(s, below) < 0)
			return -ENOMEM;
	return 0;
}

static int search_interface(struct search *s, const char *name)
{
	autofree char *target = NULL;
	char path[PATH_SIZE];
	int r = walk_enter(&s->w, name);

	if (r <= 0)
		return r < 0 ? r : stuck(s, "the interfaces go in circles");
	(void)snprintf(path, sizeof(path), NET "/%.200s", name);
	r = strchr(name, '/') ? -ENOENT : root_readlink(s->w.trace->root, path, &target);
	if (r == 0)
		r = search_below(s, name, target);
	else if (r != -ENOMEM)
		r = stuck(s, "there is no such interface");
	walk_leave(&s->w);
	return r;
}

int trace_interface(struct trace *t, const char *user, const char *interface)
{
	CLEANUP(search_done) struct search s = { .w = { .trace = t, .user = user } };
	int r = search_interface(&s, interface);

	return r < 0 || !s.stuck || s.linked
		       ? r
		       : walk_lost(&s.w, SUSPECT_CARDS, "%s: %s", s.stuck, s.why);
}

/*
 * A host that does not run, whose routes nobody can tell: the cards that its files set up
 * count. Where they speak of other names, or of none, every card does.
 */
static int trace_configured(struct trace *t)
{
	autowalk struct walk w = { .trace = t, .user = "the default route" };
	autostrv char **names = NULL;
	int r = host_note(t->host,
		"Cannot read /proc/net/route: which network cards are in use is not known.");

	if (r == 0)
		r = renames_named(t->host, &names);
	strv_foreach (name, names)
		if (r == 0)
			r = trace_interface(
				t, "the network that files in /etc set up", name);
	if (r == 0 && !names)
		r = walk_lost(&w, SUSPECT_CARDS, "/proc/net/route cannot be read");
	return r;
}

int trace_default_routes(struct trace *t)
{
	CLEANUP(routes_done) struct routes routes = { 0 };
	autowalk struct walk w = { .trace = t, .user = "a default route" };
	autostrv char **interfaces = NULL;
	int r = routes_read(t->root, &routes);

	if (r < 0)
		return r == -ENOMEM ? r : trace_configured(t);
	if (routes_default(&routes, &interfaces) < 0)
		return -ENOMEM;
	strv_foreach (interface, interfaces)
		if (trace_interface(t, "the default route", interface) < 0)
			return -ENOMEM;
	return routes.hidden_default ? walk_lost(&w, SUSPECT_CARDS,
					       "in a routing table besides the main one")
				     : 0;
}

/* Cards with a link; where none has one, all there are. */
int suspect_cards(struct trace *t, const struct doubt *doubt)
{
	autostrv char **names = NULL;
	int found = 0;

	if (root_list(t->root, NET, &names) == -ENOMEM)
		return -ENOMEM;
	strv_foreach (name, names) {
		int r = has_link(t->root, name);

		if (r > 0)
			r = doubt_path(t, doubt, NET, name);
		if (r < 0)
			return r;
		found += r;
	}
	for (size_t i = 0; !found && i < t->host->n_devices; i++) {
		struct device *d = &t->host->devices[i];

		if (device_kind(d) == DEVICE_NETWORK && !device_is_passed(d) &&
			lifeline_add(d, doubt->lifeline, "%s", doubt->why) < 0)
			return -ENOMEM;
	}
	return 0;
}
