// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lifeline/routes.h"
#include "core/base/strv.h"

#include <ctype.h>

/* RTF_REJECT of <linux/route.h>: "unreachable", which leads nowhere. */
#define REJECT 0x0200

/* Bytes in the order they are written: as IPv6 has them. */
static bool parse_bytes(const char *hex, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n * 2; i++)
		if (!isxdigit((unsigned char)hex[i]))
			return false;
	for (size_t i = 0; i < n; i++) {
		const char pair[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return !hex[2 * n];
}

/* A number of the machine's own byte order that holds an IPv4 address in network order.
 */
static bool parse_word(const char *hex, uint8_t *out)
{
	uint8_t bytes[4];
	uint32_t word;

	if (!parse_bytes(hex, bytes, sizeof(bytes)))
		return false;
	word = (uint32_t)strtoul(hex, NULL, 16);
	memcpy(out, &word, sizeof(word));
	return true;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask ... (net/ipv4/fib_trie.c) */
static int parse_inet(char *const *f, struct route *r)
{
	uint8_t mask[4];

	if (strv_len(f) < 8 || !parse_word(f[1], r->to.bytes) || !parse_word(f[7], mask))
		return -EINVAL; /* the heading */
	r->to.family = AF_INET;
	for (size_t i = 0; i < sizeof(mask); i++)
		r->bits += (unsigned)__builtin_popcount(mask[i]);
	if (strtoul(f[3], NULL, 16) & REJECT)
		return -EINVAL;
	return (r->interface = strdup(f[0])) ? 0 : -ENOMEM;
}

/* Destination Bits Source Bits NextHop Metric RefCnt Use Flags Iface (net/ipv6/ip6_fib.c)
 */
static int parse_inet6(char *const *f, struct route *r)
{
	if (strv_len(f) < 10 || !parse_bytes(f[0], r->to.bytes, 16))
		return -EINVAL;
	r->to.family = AF_INET6;
	r->bits = (unsigned)strtoul(f[1], NULL, 16);
	if (strtoul(f[8], NULL, 16) & REJECT)
		return -EINVAL;
	return (r->interface = strdup(f[9])) ? 0 : -ENOMEM;
}

static int read_table(struct routes *routes, const struct root *root, const char *path,
	int (*parse)(char *const *f, struct route *r))
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	int r = root_read(root, path, ROOT_TEXT_MAX * 8, &text, NULL);

	if (r == 0)
		r = strv_split(text, "\n", &lines);
	if (r < 0)
		return r;
	strv_foreach (line, lines) {
		autostrv char **f = NULL;
		struct route route = { 0 };

		if (strv_split(line, " \t", &f) < 0 || GROW(routes->list, routes->n) < 0)
			return -ENOMEM;
		r = parse(f, &route);
		if (r == -ENOMEM)
			return r;
		if (r == 0 && route.bits <= 128 && !streq(route.interface, "lo"))
			routes->list[routes->n++] = route;
		else
			free(route.interface);
	}
	return 0;
}

/*
 * fib_trie has a heading for each table ("Main:", "Local:", "Id 51820:"), then leaves: a
 * line "|-- ADDRESS", and one for each of its prefixes: "/32 host LOCAL".
 */
static int read_trie(struct routes *routes, const struct root *root)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	const char *leaf = "";
	bool other = false;
	int r = root_read(root, "/proc/net/fib_trie", ROOT_TEXT_MAX * 8, &text, NULL);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (strv_split(text, "\n", &lines) < 0)
		return -ENOMEM;
	routes->local_known = true;
	strv_foreach (line, lines) {
		const char *at = line + strspn(line, " ");
		const char *address = after_prefix(at, "|-- ");

		if (at == line)
			other = after_prefix(line, "Id ");
		else if (address)
			leaf = address;
		else if (streq(at, "/32 host LOCAL") &&
			 strv_add_new(&routes->local, leaf) < 0)
			return -ENOMEM;
		else if (other && streq(leaf, "0.0.0.0") &&
			 streq(at, "/0 universe UNICAST"))
			routes->hidden_default = true;
	}
	return 0;
}

int routes_read(const struct root *root, struct routes *ret)
{
	struct routes routes = { 0 };
	int v4 = read_table(&routes, root, "/proc/net/route", parse_inet);
	int v6 = v4 == -ENOMEM
			 ? v4
			 : read_table(&routes, root, "/proc/net/ipv6_route", parse_inet6);
	int r = v4 == -ENOMEM || v6 == -ENOMEM ? -ENOMEM : read_trie(&routes, root);

	if (r == 0 && v4 < 0 && v6 < 0)
		r = -ENOENT;
	if (r < 0)
		routes_done(&routes);
	else
		*ret = routes;
	return r;
}

void routes_done(struct routes *routes)
{
	for (size_t i = 0; i < routes->n; i++)
		free(routes->list[i].interface);
	free(routes->list);
	strv_free(routes->local);
	*routes = (struct routes){ 0 };
}

static bool leads_to(const struct route *r, const struct address *to)
{
	size_t whole = r->bits / 8;

	if (r->to.family != to->family || memcmp(r->to.bytes, to->bytes, whole) != 0)
		return false;
	return r->bits % 8 == 0 ||
	       ((r->to.bytes[whole] ^ to->bytes[whole]) >> (8 - r->bits % 8)) == 0;
}

int routes_to(const struct routes *routes, const struct address *to, char ***ret)
{
	autostrv char **interfaces = NULL;
	unsigned best = 0;

	for (size_t i = 0; i < routes->n; i++)
		if (leads_to(&routes->list[i], to) && routes->list[i].bits > best)
			best = routes->list[i].bits;
	for (size_t i = 0; i < routes->n; i++)
		if (leads_to(&routes->list[i], to) && routes->list[i].bits == best &&
			strv_add_new(&interfaces, routes->list[i].interface) < 0)
			return -ENOMEM;
	*ret = TAKE(interfaces);
	return 0;
}

int routes_default(const struct routes *routes, char ***ret)
{
	autostrv char **interfaces = NULL;

	for (size_t i = 0; i < routes->n; i++)
		if (routes->list[i].bits == 0 &&
			strv_add_new(&interfaces, routes->list[i].interface) < 0)
			return -ENOMEM;
	*ret = TAKE(interfaces);
	return 0;
}

/* Lines: ADDRESS INDEX BITS SCOPE FLAGS NAME (net/ipv6/addrconf.c). */
int routes_inet6_owner(const struct root *root, const struct address *a, char **ret)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	int r = root_read(root, "/proc/net/if_inet6", ROOT_TEXT_MAX, &text, NULL);

	if (r == 0)
		r = strv_split(text, "\n", &lines);
	if (r < 0)
		return r;
	strv_foreach (line, lines) {
		autostrv char **f = NULL;
		uint8_t bytes[16];

		if (strv_split(line, " ", &f) < 0)
			return -ENOMEM;
		if (strv_len(f) >= 6 && parse_bytes(f[0], bytes, 16) &&
			memcmp(bytes, a->bytes, 16) == 0)
			return (*ret = strdup(f[5])) ? 0 : -ENOMEM;
	}
	return -ENOENT;
}
