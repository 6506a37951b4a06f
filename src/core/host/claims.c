// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/claims.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/host/device.h"
#include "core/host/file.h"

#define HEX "0123456789abcdef"

void claims_watch(struct watches *watches)
{
	static const struct watched files[] = { { .path = CLAIMS_PATH }, { 0 } };

	watch(watches, files);
}

static void claim_done(struct claim *c)
{
	free(c->address);
	free(c->id);
	free(c->subsystem);
	free(c->method);
	free(c->driver);
	free(c->physfn);
	free(c->user);
	free(c->group);
	strv_free(c->accepted);
}

static void vfs_done(struct vfs *vfs)
{
	free(vfs->address);
	free(vfs->id);
}

void claims_done(struct claims *claims)
{
	for (size_t i = 0; i < claims->n; i++)
		claim_done(&claims->list[i]);
	free(claims->list);
	free(claims->acs_override);
	free(claims->loader);
	free(claims->initramfs);
	strv_free(claims->added);
	strv_free(claims->made);
	strv_free(claims->rescue);
	for (size_t i = 0; i < claims->n_vfs; i++)
		vfs_done(&claims->vfs[i]);
	free(claims->vfs);
	*claims = (struct claims){ 0 };
}

/* "10de:2684": two fields of four hexadecimal digits. */
static bool is_id(const char *s)
{
	return strspn(s, HEX) == 4 && s[4] == ':' && strspn(s + 5, HEX) == 4 && !s[9];
}

/* As the kernel spells it: that is how devices are looked up. */
static bool is_address(const char *s)
{
	struct pci_address at;
	char spelled[PCI_ADDRESS_SIZE];

	if (pci_address_parse(s, &at) < 0)
		return false;
	pci_address_format(&at, spelled);
	return streq(s, spelled);
}

/* A row of the methods' or of the loaders' table. */
static bool is_name(const char *s)
{
	return s[0] && !s[strspn(s, "abcdefghijklmnopqrstuvwxyz-")];
}

bool claim_driver_valid(const char *name)
{
	for (const char *c = name; *c; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return *name;
}

static bool take_driver(const char *name, struct claim *claim)
{
	if (claim->driver || !claim_driver_valid(name))
		return false;
	claim_set_driver(claim, name);
	return true;
}

static bool take_physfn(const char *address, struct claim *claim)
{
	if (claim->physfn || !is_address(address))
		return false;
	claim_set_physfn(claim, address);
	return true;
}

static bool take_accepted(const char *names, struct claim *claim)
{
	if (claim->accepted)
		return false;
	claim->accepted = strv_split(names, ",");
	strv_foreach (name, claim->accepted)
		if (!is_name(name))
			return false;
	return claim->accepted;
}

bool claim_account_valid(const char *name)
{
	size_t n = strspn(name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

	return n && n <= 32 && !name[n] && name[0] != '-' && name[0] != '.';
}

static bool take_user(const char *name, struct claim *claim)
{
	if (claim->user || claim->group || !claim_account_valid(name))
		return false;
	claim_set_access(claim, name, NULL);
	return true;
}

static bool take_group(const char *name, struct claim *claim)
{
	if (claim->user || claim->group || !claim_account_valid(name))
		return false;
	claim_set_access(claim, NULL, name);
	return true;
}

bool claims_parse_memory(const char *text, unsigned long *ret_mib)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || (*end != 'M' && *end != 'G') || end[1] ||
		!n ||
		n > 16UL * 1024 * 1024 / (*end == 'G' ? 1024 : 1)) /* 16 TiB is a typo */
		return false;
	*ret_mib = *end == 'G' ? n * 1024 : n;
	return true;
}

/* What a line may have after the method. */
static const struct {
	const char *key;
	bool (*take)(const char *value, struct claim *claim);
} options[] = {
	{ "driver=", take_driver },
	{ "physfn=", take_physfn },
	{ "accept=", take_accepted },
	{ "user=", take_user },
	{ "group=", take_group },
};

static bool parse_option(const char *word, struct claim *claim)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		const char *value = after_prefix(word, options[i].key);

		if (value)
			return options[i].take(value, claim);
	}
	return false;
}

#define ACS_IDS_MAX 16

bool acs_override_valid(const char *value)
{
	size_t ids = 0;

	do {
		size_t n = strcspn(value, ",");
		const char *id = after_prefix(value, "id:");

		if (id && n == strlen("id:vvvv:dddd") && strspn(id, HEX) == 4 &&
			id[4] == ':' && strspn(id + 5, HEX) == 4)
			ids++;
		else if (!(n == strlen("downstream") &&
				 after_prefix(value, "downstream")) &&
			 !(n == strlen("multifunction") &&
				 after_prefix(value, "multifunction")))
			return false;
		value += n;
	} while (*value++);
	return ids <= ACS_IDS_MAX;
}

void claims_set_acs_override(struct claims *claims, const char *value)
{
	char *copy = value ? xstrdup(value) : NULL;

	free(claims->acs_override);
	claims->acs_override = copy;
}

/* "option WORD": what the user wants on the kernel command line, and for guests. */
static bool parse_wish(const char *word, struct claims *claims)
{
	const char *memory = after_prefix(word, "memory=");
	const char *acs = after_prefix(word, "pcie_acs_override=");

	if (memory)
		return claims_parse_memory(memory, &claims->memory_mib);
	if (acs && acs_override_valid(acs))
		claims_set_acs_override(claims, acs);
	else if (streq(word, "iommu=pt"))
		claims->iommu_pt = true;
	else if (streq(word, "iommu=on"))
		claims->iommu_on = true;
	else
		return false;
	return true;
}

/* "vfs 0000:03:00.0 8086:1521 4" */
static bool parse_vfs(char *const *word, struct claims *claims)
{
	const char *digits = word[3];

	if (!is_address(word[1]) || !is_id(word[2]) || digits[0] == '0' ||
		digits[strspn(digits, "0123456789")] || strlen(digits) > 5)
		return false;
	claims_set_vfs(claims, word[1], word[2], (unsigned)strtoul(digits, NULL, 10));
	return true;
}

/* A line of two words: true where it is one of these. */
static bool parse_setting(char *const *word, struct claims *claims)
{
	if (strv_len(word) != 2)
		return false;
	if (streq(word[0], "option"))
		return parse_wish(word[1], claims);
	if (streq(word[0], "loader") && is_name(word[1]))
		claims_set_loader(claims, word[1]);
	else if (streq(word[0], "initramfs") && is_name(word[1]))
		claims_set_initramfs(claims, word[1]);
	else if (streq(word[0], "added"))
		strv_add(&claims->added, word[1]);
	else if (streq(word[0], "made") && word[1][0] == '/')
		strv_add(&claims->made, word[1]);
	else if (streq(word[0], "way-out") && word[1][0] == '/')
		strv_add(&claims->rescue, word[1]);
	else
		return false;
	return true;
}

static bool parse_line(char *const *word, struct claims *claims)
{
	const char *address = word[0];

	if (parse_setting(word, claims))
		return true;
	if (strv_len(word) == 4 && streq(word[0], "vfs"))
		return parse_vfs(word, claims);
	if (strv_len(word) < 4 || !is_address(word[0]) || !is_id(word[1]) ||
		!(is_id(word[2]) || streq(word[2], "-")) || !is_name(word[3]))
		return false;
	claims_remove(claims, word[0]);
	claims_set(claims, word[0], word[1], word[2], word[3]);
	for (word += 4; *word; word++)
		if (!parse_option(*word, claims_find(claims, address)))
			return false;
	return true;
}

int claims_parse(const char *text, struct claims *ret, struct err *err)
{
	CLEANUP(claims_done) struct claims claims = { 0 };
	size_t number = 0;

	for (const char *line = text; line && *line; number++) {
		size_t len = strcspn(line, "\n");
		autofree char *copy = xstrndup(line, len);
		autostrv char **words = strv_split(copy, " \t\r");

		if (words && words[0][0] != '#' && !parse_line(words, &claims))
			return err_set(err, -EINVAL,
				CLAIMS_PATH
				":%zu: not a claim: a line is ADDRESS VENDOR:DEVICE SUBSYSTEM METHOD [driver=NAME] [physfn=ADDRESS] [accept=NAME,...] [user=NAME|group=NAME], such as \"0000:01:00.0 10de:2684 1043:88e2 ids driver=nouveau\".",
				number + 1);
		line += len + (line[len] == '\n');
	}
	*ret = claims;
	claims = (struct claims){ 0 };
	return 0;
}

static void format_claim(struct buf *b, const struct claim *c)
{
	buf_printf(b, "%s %s %s %s", c->address, c->id, c->subsystem, c->method);
	if (c->driver)
		buf_printf(b, " driver=%s", c->driver);
	if (c->physfn)
		buf_printf(b, " physfn=%s", c->physfn);
	strv_foreach (name, c->accepted)
		buf_printf(b, "%s%s", name_at == c->accepted ? " accept=" : ",", name);
	if (c->user || c->group)
		buf_printf(b, " %s=%s", c->user ? "user" : "group", c->user ?: c->group);
	buf_puts(b, "\n");
}

bool claims_empty(const struct claims *claims)
{
	return claims->n == 0 && claims->n_vfs == 0 && !claims->iommu_on &&
	       !claims->acs_override;
}

char *claims_format(const struct claims *claims)
{
	struct buf b = { 0 };

	if (claims_empty(claims))
		return NULL;
	buf_puts(&b,
		"# PCI devices handed to vfio-pci at boot, kept by pciferry(8).\n"
		"# A line is: address, vendor:device, subsystem, method, the driver before.\n"
		"# After a change by hand run: pciferry apply\n");
	for (size_t i = 0; i < claims->n; i++)
		format_claim(&b, &claims->list[i]);
	if (claims->iommu_pt)
		buf_puts(&b, "option iommu=pt\n");
	if (claims->acs_override)
		buf_printf(&b, "option pcie_acs_override=%s\n", claims->acs_override);
	if (claims->iommu_on)
		buf_puts(&b, "option iommu=on\n");
	if (claims->loader)
		buf_printf(&b, "loader %s\n", claims->loader);
	if (claims->initramfs)
		buf_printf(&b, "initramfs %s\n", claims->initramfs);
	strv_foreach (word, claims->added)
		buf_printf(&b, "added %s\n", word);
	strv_foreach (path, claims->made)
		buf_printf(&b, "made %s\n", path);
	strv_foreach (path, claims->rescue)
		buf_printf(&b, "way-out %s\n", path);
	if (claims->memory_mib)
		buf_printf(&b, "option memory=%luM\n", claims->memory_mib);
	for (size_t i = 0; i < claims->n_vfs; i++)
		buf_printf(&b, "vfs %s %s %u\n", claims->vfs[i].address,
			claims->vfs[i].id, claims->vfs[i].count);
	return buf_take(&b);
}

static void copy_options(const struct claim *from, struct claim *to)
{
	if (from->driver)
		claim_set_driver(to, from->driver);
	if (from->physfn)
		claim_set_physfn(to, from->physfn);
	claim_set_access(to, from->user, from->group);
	to->accepted = strv_copy(from->accepted);
}

void claims_copy(const struct claims *from, struct claims *ret)
{
	struct claims copy = { .iommu_pt = from->iommu_pt,
		.iommu_on = from->iommu_on,
		.memory_mib = from->memory_mib };

	claims_set_acs_override(&copy, from->acs_override);
	for (size_t i = 0; i < from->n; i++) {
		const struct claim *c = &from->list[i];

		claims_set(&copy, c->address, c->id, c->subsystem, c->method);
		copy_options(c, claims_find(&copy, c->address));
	}
	claims_set_loader(&copy, from->loader);
	claims_set_initramfs(&copy, from->initramfs);
	copy.added = strv_copy(from->added);
	copy.made = strv_copy(from->made);
	copy.rescue = strv_copy(from->rescue);
	for (size_t i = 0; i < from->n_vfs; i++)
		claims_set_vfs(
			&copy, from->vfs[i].address, from->vfs[i].id, from->vfs[i].count);
	*ret = copy;
}

static void set_choice(char **choice, const char *id)
{
	char *copy = id ? xstrdup(id) : NULL;

	free(*choice);
	*choice = copy;
}

void claims_set_loader(struct claims *claims, const char *id)
{
	set_choice(&claims->loader, id);
}

void claims_set_initramfs(struct claims *claims, const char *id)
{
	set_choice(&claims->initramfs, id);
}

static struct vfs *find_vfs(const struct claims *claims, const char *address)
{
	for (size_t i = 0; i < claims->n_vfs; i++)
		if (streq(claims->vfs[i].address, address))
			return &claims->vfs[i];
	return NULL;
}

unsigned claims_vfs(const struct claims *claims, const char *address)
{
	const struct vfs *vfs = find_vfs(claims, address);

	return vfs ? vfs->count : 0;
}

static void remove_vfs(struct claims *claims, struct vfs *vfs)
{
	size_t after = (size_t)(claims->vfs + claims->n_vfs - (vfs + 1));

	vfs_done(vfs);
	memmove(vfs, vfs + 1, after * sizeof(*vfs));
	claims->n_vfs--;
}

void claims_set_vfs(
	struct claims *claims, const char *address, const char *id, unsigned count)
{
	struct vfs *old = find_vfs(claims, address), *new;

	if (old)
		remove_vfs(claims, old);
	if (count == 0)
		return;
	GROW(claims->vfs, claims->n_vfs);
	new = &claims->vfs[claims->n_vfs++];
	*new = (struct vfs){ xstrdup(address), xstrdup(id), count };
}

struct claim *claims_find(const struct claims *claims, const char *address)
{
	for (size_t i = 0; i < claims->n; i++)
		if (streq(claims->list[i].address, address))
			return &claims->list[i];
	return NULL;
}

static int claims_by_address(const void *a, const void *b)
{
	struct pci_address x = { 0 }, y = { 0 };

	(void)pci_address_parse(((const struct claim *)a)->address, &x);
	(void)pci_address_parse(((const struct claim *)b)->address, &y);
	return pci_address_compare(&x, &y);
}

void claims_set(struct claims *claims, const char *address, const char *id,
	const char *subsystem, const char *method)
{
	struct claim *old = claims_find(claims, address), new = {
		.address = xstrdup(address),
		.id = xstrdup(id),
		.subsystem = xstrdup(subsystem),
		.method = xstrdup(method),
	};

	if (old) {
		if (streq(old->id, id) && streq(old->subsystem, subsystem)) {
			new.driver = TAKE(old->driver);
			new.physfn = TAKE(old->physfn);
			new.accepted = TAKE(old->accepted);
			new.user = TAKE(old->user);
			new.group = TAKE(old->group);
		}
		claim_done(old);
		*old = new;
		return;
	}
	GROW(claims->list, claims->n);
	claims->list[claims->n++] = new;
	qsort(claims->list, claims->n, sizeof(new), claims_by_address);
}

void claim_set_driver(struct claim *claim, const char *driver)
{
	char *copy = xstrdup(driver);

	free(claim->driver);
	claim->driver = copy;
}

void claim_set_physfn(struct claim *claim, const char *address)
{
	char *copy = xstrdup(address);

	free(claim->physfn);
	claim->physfn = copy;
}

void claim_set_access(struct claim *claim, const char *user, const char *group)
{
	autofree char *new_user = user ? xstrdup(user) : NULL,
		      *new_group = group ? xstrdup(group) : NULL;

	free(claim->user);
	free(claim->group);
	claim->user = TAKE(new_user);
	claim->group = TAKE(new_group);
}

void claims_remove(struct claims *claims, const char *address)
{
	struct claim *c = claims_find(claims, address);
	size_t after;

	if (!c)
		return;
	after = (size_t)(claims->list + claims->n - (c + 1));
	claim_done(c);
	memmove(c, c + 1, after * sizeof(*c));
	claims->n--;
}

static bool claim_equal(const struct claim *a, const struct claim *b)
{
	strv_foreach (name, a->accepted)
		if (!strv_has(b->accepted, name))
			return false;
	return streq(a->address, b->address) && streq(a->id, b->id) &&
	       streq(a->subsystem, b->subsystem) && streq(a->method, b->method) &&
	       streq_null(a->user, b->user) && streq_null(a->group, b->group) &&
	       strv_len(a->accepted) == strv_len(b->accepted);
}

bool claims_equal(const struct claims *a, const struct claims *b)
{
	if (a->n != b->n || a->iommu_pt != b->iommu_pt || a->iommu_on != b->iommu_on ||
		a->memory_mib != b->memory_mib ||
		!streq_null(a->acs_override, b->acs_override) ||
		!streq_null(a->loader, b->loader) ||
		!streq_null(a->initramfs, b->initramfs))
		return false;
	if (a->n_vfs != b->n_vfs)
		return false;
	for (size_t i = 0; i < a->n_vfs; i++)
		if (claims_vfs(b, a->vfs[i].address) != a->vfs[i].count)
			return false;
	for (size_t i = 0; i < a->n; i++)
		if (!claim_equal(&a->list[i], &b->list[i]))
			return false;
	return true;
}
