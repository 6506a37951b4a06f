// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The SSH session the user is in. sshd sets SSH_CONNECTION (ssh(1)), and sudo drops it
 * (sudoers(5), env_reset), so the processes above this one are asked too. This tells of
 * the running host only: a tree under --root has no session.
 */
#include "core/lifeline/session.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/lifeline/network.h"
#include "core/lifeline/routes.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#include <arpa/inet.h>

#define VARIABLE "SSH_CONNECTION="
#define ANCESTORS_MAX 64
#define PATH_SIZE 64

/* What lets users in over a network, by the name of the process; tmux and screen may be
 * reached from anywhere, whatever they were started from. */
static const struct {
	const char *process, *shown;
} servers[] = {
	{ "sshd", "sshd" },
	{ "dropbear", "dropbear" },
	{ "tailscaled", "tailscaled" },
	{ "mosh-server", "mosh-server" },
	{ "in.telnetd", "in.telnetd" },
	{ "telnetd", "telnetd" },
	{ "cockpit-session", "cockpit-session" },
	{ "tmux: server", "way of tmux" },
	{ "screen", "way of screen" },
	{ "SCREEN", "way of screen" },
};

struct session {
	char **connections; /* values of SSH_CONNECTION; see strv.h */
	const char *server; /* a process above that lets users in */
	bool hidden; /* some process above could not be seen */
};

static int read_of(const struct root *root, unsigned long pid, const char *name,
	char **ret, size_t *ret_len)
{
	char path[PATH_SIZE];

	if (pid)
		(void)snprintf(path, sizeof(path), "/proc/%lu/%s", pid, name);
	else
		(void)snprintf(path, sizeof(path), "/proc/self/%s", name);
	return root_read(root, path, ROOT_TEXT_MAX, ret, ret_len);
}

/* "PID (NAME) STATE PPID ...": the name may hold anything, ")" too. */
static bool parse_stat(char *stat, char **ret_name, unsigned long *ret_parent)
{
	char *open = strchr(stat, '('), *close = strrchr(stat, ')');

	if (!open || !close || close < open || strlen(close) < 4)
		return false;
	*close = '\0';
	*ret_name = open + 1;
	*ret_parent = strtoul(close + 4, NULL, 10);
	return true;
}

static void read_environ(const struct root *root, unsigned long pid, struct session *s)
{
	autofree char *text = NULL;
	size_t len = 0;

	if (read_of(root, pid, "environ", &text, &len) < 0)
		return; /* another user's; then the name has to do */
	for (const char *word = text; word < text + len; word += strlen(word) + 1) {
		const char *value = after_prefix(word, VARIABLE);

		if (value)
			strv_add_new(&s->connections, value);
	}
}

static void read_ancestors(const struct root *root, struct session *s)
{
	unsigned long pid = 0, parent = 0;

	for (int i = 0; i < ANCESTORS_MAX; i++, pid = parent) {
		autofree char *stat = NULL;
		char *name = NULL;
		int r = read_of(root, pid, "stat", &stat, NULL);

		read_environ(root, pid, s);
		if (r < 0 || !parse_stat(stat, &name, &parent)) {
			s->hidden = true;
			return;
		}
		for (size_t j = 0; j < ARRAY_SIZE(servers); j++)
			if (after_prefix(name, servers[j].process))
				s->server = servers[j].shown;
		if (parent <= 1) /* init, or out of this container */
			return;
	}
}

static bool parse_address(const char *s, struct address *ret)
{
	char buf[INET6_ADDRSTRLEN];

	*ret = (struct address){ .family = strchr(s, ':') ? AF_INET6 : AF_INET };
	(void)snprintf(buf, sizeof(buf), "%.*s", (int)strcspn(s, "%"), s);
	return inet_pton(ret->family, buf, ret->bytes) == 1;
}

static bool is_loopback(const struct address *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	return a->family == AF_INET ? a->bytes[0] == 127 : memcmp(a->bytes, one, 16) == 0;
}

/* The interfaces a connection may go over: of its own address, and towards its peer. */
static char **find_interfaces(const struct root *root, const struct routes *routes,
	const char *local, const struct address *own, const struct address *peer)
{
	autostrv char **to_own = NULL, **to_peer = NULL;
	autofree char *owner = NULL;
	const char *scope = strchr(local, '%'); /* fe80::1%eth0 */
	char **found = NULL;

	if (scope) {
		strv_add(&found, scope + 1);
		return found;
	}
	if (own->family == AF_INET6)
		owner = routes_inet6_owner(root, own);
	if (owner)
		strv_add(&found, owner);
	if (own->family == AF_INET)
		to_own = routes_to(routes, own);
	to_peer = routes_to(routes, peer);
	strv_foreach (interface, to_own)
		strv_add_new(&found, interface);
	strv_foreach (interface, to_peer)
		strv_add_new(&found, interface);
	return found;
}

/* Why the interface of a connection cannot be told, or NULL. */
static const char *not_tellable(const struct routes *routes, char *const *f,
	struct address *own, struct address *peer)
{
	if (strv_len(f) < 4 || !parse_address(f[0], peer) || !parse_address(f[2], own))
		return "it has no address";
	if (is_loopback(own))
		return "it comes over the loopback interface: through a tunnel";
	if (own->family == AF_INET && routes->local_known &&
		!strv_has(routes->local, f[2]))
		return "this host does not have its address";
	return NULL;
}

/* SSH_CONNECTION: the peer's address and port, then ours. */
static void trace_connection(
	struct trace *t, const struct routes *routes, const char *connection)
{
	autowalk struct walk w = { .trace = t };
	autostrv char **f = strv_split(connection, " "), **interfaces = NULL;
	autofree char *user = NULL;
	struct address own, peer;
	const char *why;

	user = text_printf("your SSH session from %s", f ? f[0] : "nowhere");
	w.user = user;
	why = not_tellable(routes, f, &own, &peer);
	if (why) {
		walk_lost(&w, SUSPECT_CARDS, "%s", why);
		return;
	}
	interfaces = find_interfaces(t->root, routes, f[2], &own, &peer);
	if (!interfaces)
		walk_lost(&w, SUSPECT_CARDS, "no route leads there");
	strv_foreach (interface, interfaces)
		trace_interface(t, user, interface);
}

static void trace_found(struct trace *t, const struct session *s)
{
	CLEANUP(routes_done) struct routes routes = { 0 };
	autowalk struct walk w = { .trace = t, .user = "your session" };

	if (!s->connections && s->server) {
		walk_lost(&w, SUSPECT_CARDS, "it came in by %s", s->server);
		return;
	}
	if (!s->connections && s->hidden) {
		walk_lost(&w, SUSPECT_CARDS,
			"/proc hides the processes above, so it may be an SSH session");
		return;
	}
	routes_read(t->root, &routes);
	strv_foreach (connection, s->connections)
		trace_connection(t, &routes, connection);
}

void trace_session(struct trace *t)
{
	struct session s = { 0 };
	autostrv char **connections = NULL;

	if (t->live)
		read_ancestors(t->root, &s);
	connections = s.connections;
	trace_found(t, &s);
}
