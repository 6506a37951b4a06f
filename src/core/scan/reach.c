// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/reach.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/lifeline/routes.h"

#include <arpa/inet.h>

#define UNITS "/etc/systemd/system/"

/*
 * Directories whose names are what is started at boot. A name with a star has two digits
 * there (sysvinit).
 */
static const struct {
	const char *dir;
	const char *names[7];
} boots[] = {
	{ UNITS "multi-user.target.wants",
		{ "ssh.service", "sshd.service", "dropbear.service" } },
	{ UNITS "sockets.target.wants", { "ssh.socket", "sshd.socket", "dropbear.socket",
						"sshd-unix-local.socket" } },
	{ "/etc/runlevels/default", { "sshd", "dropbear" } }, /* OpenRC */
	{ "/etc/rc2.d", { "S**ssh", "S**sshd", "S**dropbear" } },
	{ "/etc/rc3.d", { "S**ssh", "S**sshd", "S**dropbear" } },
	{ "/etc/runit/runsvdir/default", { "sshd", "dropbear" } },
	{ "/var/service", { "sshd", "dropbear" } },
};

static bool matches(const char *name, const char *pattern)
{
	for (; *pattern && (*pattern == *name || (*pattern == '*' && *name)); name++)
		pattern++;
	return !*pattern && !*name;
}

/* systemctl mask, and what Debian's unit asks for. */
static bool is_off(const struct root *root, const char *name)
{
	autofree char *target = NULL;
	char path[128];

	if (root_exists(root, "/etc/ssh/sshd_not_to_be_run") && after_prefix(name, "ssh"))
		return true;
	(void)snprintf(path, sizeof(path), UNITS "%.64s", name);
	return root_readlink(root, path, &target) == 0 && streq(target, "/dev/null");
}

static char *find_server(const struct root *root, size_t i)
{
	autostrv char **names = NULL;

	if (root_list(root, boots[i].dir, &names) < 0)
		return NULL;
	strv_foreach (name, names)
		for (size_t j = 0; boots[i].names[j]; j++)
			if (matches(name, boots[i].names[j]) && !is_off(root, name))
				return text_printf("%s/%s", boots[i].dir, name);
	return NULL;
}

static bool show_inet6(const char *hex, char *ret)
{
	unsigned char bytes[16];

	if (strlen(hex) != 2 * sizeof(bytes))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		if (sscanf(hex + 2 * i, "%2hhx", &bytes[i]) != 1)
			return false;
	return inet_ntop(AF_INET6, bytes, ret, INET6_ADDRSTRLEN);
}

/* Lines of if_inet6: ADDRESS INDEX BITS SCOPE FLAGS NAME; scope 0 is global. */
static void add_inet6(const struct root *root, struct reach *reach)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;

	if (root_read(root, "/proc/net/if_inet6", ROOT_TEXT_MAX, &text, NULL) < 0)
		return;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines) {
		autostrv char **f = strv_split(line, " ");
		char address[INET6_ADDRSTRLEN];

		if (strv_len(f) >= 6 && streq(f[3], "00") && show_inet6(f[0], address))
			strv_add(&reach->addresses, address);
	}
}

static void add_addresses(const struct root *root, struct reach *reach)
{
	CLEANUP(routes_done) struct routes routes = { 0 };

	reach->known = routes_read(root, &routes) && routes.local_known;
	strv_foreach (address, routes.local)
		if (!after_prefix(address, "127."))
			strv_add(&reach->addresses, address);
	add_inet6(root, reach);
}

void scan_reach(const struct probe *p)
{
	struct reach *reach = &p->host->reach;

	for (size_t i = 0; !reach->server && i < ARRAY_SIZE(boots); i++)
		reach->server = find_server(p->root, i);
	add_addresses(p->root, reach);
}
