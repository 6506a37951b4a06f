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
static bool parse_inet(char *const *f, struct route *r)
{
	uint8_t mask[4];

	if (strv_len(f) < 8 || !parse_word(f[1], r->to.bytes) || !parse_word(f[7], mask))
		return false; /* the heading */
	r->to.family = AF_INET;
	for (size_t i = 0; i < sizeof(mask); i++)
		r->bits += (unsigned)__builtin_popcount(mask[i]);
	if (strtoul(f[3], NULL, 16) & REJECT)
		return false;
	r->interface = xstrdup(f[0]);
	return true;
}

/* Destination Bits Source Bits NextHop Metric RefCnt Use Flags Iface (net/ipv6/ip6_fib.c)
 */
static bool parse_inet6(char *const *f, struct route *r)
{
	if (strv_len(f) < 10 || !parse_bytes(f[0], r->to.bytes, 16))
		return false;
	r->to.family = AF_INET6;
	r->bits = (unsigned)strtoul(f[1], NULL, 16);
	if (strtoul(f[8], NULL, 16) & REJECT)
		return false;
	r->interface = xstrdup(f[9]);
	return true;
}

static bool read_table(struct routes *routes, const struct root *root, const char *path,
	bool (*parse)(char *const *f, struct route *r))
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;

	if (root_read(root, path, ROOT_TEXT_MAX * 8, &text, NULL) < 0)
		return false;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines) {
		autostrv char **f = strv_split(line, " \t");
		struct route route = { 0 };

		GROW(routes->list, routes->n);
		if (parse(f, &route) && route.bits <= 128 &&
			!streq(route.interface, "lo"))
			routes->list[routes->n++] = route;
		else
			free(route.interface);
	}
	return true;
}

/*
 * fib_trie has a heading for each table ("Main:", "Local:", "Id 51820:"), then leaves: a
 * line "|-- ADDRESS", and one for each of its prefixes: "/32 host LOCAL".
 */
static void read_trie(struct routes *routes, const struct root *root)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	const char *leaf = "";
	bool other = false;

	if (root_read(root, "/proc/net/fib_trie", ROOT_TEXT_MAX * 8, &text, NULL) < 0)
		return;
	lines = strv_split(text, "\n");
	routes->local_known = true;
	strv_foreach (line, lines) {
		const char *at = line + strspn(line, " ");
		const char *address = after_prefix(at, "|-- ");

		if (at == line)
			other = after_prefix(line, "Id ");
		else if (address)
			leaf = address;
		else if (streq(at, "/32 host LOCAL"))
			strv_add_new(&routes->local, leaf);
		else if (other && streq(leaf, "0.0.0.0") &&
			 streq(at, "/0 universe UNICAST"))
			routes->hidden_default = true;
	}
}

bool routes_read(const struct root *root, struct routes *ret)
{
	struct routes routes = { 0 };
	bool v4 = read_table(&routes, root, "/proc/net/route", parse_inet);
	bool v6 = read_table(&routes, root, "/proc/net/ipv6_route", parse_inet6);

	if (!v4 && !v6)
		return false;
	read_trie(&routes, root);
	*ret = routes;
	return true;
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

char **routes_to(const struct routes *routes, const struct address *to)
{
	char **interfaces = NULL;
	unsigned best = 0;

	for (size_t i = 0; i < routes->n; i++)
		if (leads_to(&routes->list[i], to) && routes->list[i].bits > best)
			best = routes->list[i].bits;
	for (size_t i = 0; i < routes->n; i++)
		if (leads_to(&routes->list[i], to) && routes->list[i].bits == best)
			strv_add_new(&interfaces, routes->list[i].interface);
	return interfaces;
}

char **routes_default(const struct routes *routes)
{
	char **interfaces = NULL;

	for (size_t i = 0; i < routes->n; i++)
		if (routes->list[i].bits == 0)
			strv_add_new(&interfaces, routes->list[i].interface);
	return interfaces;
}

/* Lines: ADDRESS INDEX BITS SCOPE FLAGS NAME (net/ipv6/addrconf.c). */
char *routes_inet6_owner(const struct root *root, const struct address *a)
{
	autofree char *text = NULL;
	autostrv char **lines = NULL;

	if (root_read(root, "/proc/net/if_inet6", ROOT_TEXT_MAX, &text, NULL) < 0)
		return NULL;
	lines = strv_split(text, "\n");
	strv_foreach (line, lines) {
		autostrv char **f = strv_split(line, " ");
		uint8_t bytes[16];

		if (strv_len(f) >= 6 && parse_bytes(f[0], bytes, 16) &&
			memcmp(bytes, a->bytes, 16) == 0)
			return xstrdup(f[5]);
	}
	return NULL;
}
