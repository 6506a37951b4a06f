// SPDX-License-Identifier: GPL-2.0-or-later
/* The files: Documentation/ABI/testing/sysfs-bus-pci, drivers/base/bus.c of Linux. */
#include "core/format/attribute.h"
#include "core/base/strv.h"
#include "core/format/expand.h"
#include "core/format/names.h"

#include <ctype.h>

/* What a path says. */
struct target {
	char *address; /* the last component that is one */
	char *driver; /* behind "drivers" */
	char *interface; /* behind "net" */
	const char *name; /* the last component */
	bool group;
	bool known;
};

static void target_done(struct target *t)
{
	free(t->address);
	free(t->driver);
	free(t->interface);
}

static void read_path(const char *path, struct target *t)
{
	const char *s = path, *end, *last = "";
	size_t last_n = 0;

	t->known = is_known(path);
	for (; *s; s = end) {
		char *address;
		bool group;

		s += strspn(s, "/");
		end = s + strcspn(s, "/");
		group = *s == EXPAND_GROUP;
		address = names_address(s + group, (size_t)(end - s) - group);
		if (address && strchr(s + group, ':') && s[group] != 'p') {
			free(t->address);
			t->address = address;
			t->group = group;
		} else {
			free(address);
		}
		if (last_n == 7 && !strncmp(last, "drivers", 7))
			t->driver = xstrndup(s, (size_t)(end - s));
		if (last_n == 3 && !strncmp(last, "net", 3) && !t->interface)
			t->interface = xstrndup(s, (size_t)(end - s));
		if (end > s) {
			last = s;
			last_n = (size_t)(end - s);
		}
	}
	t->name = last;
}

static struct act *add(const struct act *base, enum act_kind kind, struct acts *ret)
{
	struct act *act = acts_add(ret);

	*act = *base;
	act->kind = kind;
	return act;
}

/* The one word of a text, without its end of line; NULL where there are more. */
static char *one_word(const char *text)
{
	autostrv char **words = strv_split(text, " \t\n");

	return strv_len(words) == 1 && is_known(words[0]) ? xstrdup(words[0]) : NULL;
}

static enum attribute_write override(const char *text, const struct target *t,
	const struct act *base, struct acts *ret)
{
	autofree char *driver = one_word(text);
	struct act *act;

	if (!t->address || !t->known || (!driver && text[strspn(text, " \t\n")]))
		return WRITE_UNCLEAR;
	act = add(base, ACT_OVERRIDE, ret);
	act->address = xstrdup(t->address);
	act->group = t->group;
	act->driver = TAKE(driver);
	return WRITE_ACTS;
}

/* An address, to "bind", "unbind" or "drivers_probe". */
static enum attribute_write by_address(enum act_kind kind, const char *text,
	const struct target *t, const struct act *base, struct acts *ret)
{
	autofree char *word = one_word(text);
	autofree char *address = NULL;
	bool group = word && *word == EXPAND_GROUP;
	struct act *act;

	if (word && strchr(word, ':'))
		address = names_address(word + group, strlen(word + group));
	if (!address || !t->known)
		return WRITE_UNCLEAR;
	act = add(base, kind, ret);
	act->group = group;
	act->address = TAKE(address);
	act->driver = t->driver ? xstrdup(t->driver) : NULL;
	return WRITE_ACTS;
}

/* IDs as they are, or "$(cat .../ADDRESS/vendor) $(cat .../ADDRESS/device)". */
static enum attribute_write new_id(const char *text, const struct target *t,
	const struct act *base, struct acts *ret)
{
	autofree char *id = is_known(text) ? names_id(text) : NULL;
	CLEANUP(names_done) struct names names = { 0 };
	const char *driver = t->driver;
	struct act *act;

	names_find(text, &names);
	if (!driver || !t->known)
		return WRITE_UNCLEAR;
	if (!id && (strv_len(names.addresses) != 1 || !strstr(text, "/vendor") ||
			   !strstr(text, "/device")))
		return WRITE_UNCLEAR;
	act = add(base, ACT_NEW_ID, ret);
	act->driver = xstrdup(after_prefix(driver, "pci:") ?: driver);
	if (!id)
		act->address = xstrdup(names.addresses[0]);
	act->id = TAKE(id);
	return WRITE_ACTS;
}

static enum attribute_write numvfs(const char *text, const struct target *t,
	const struct act *base, struct acts *ret)
{
	autofree char *word = one_word(text);
	struct act *act;

	if (!word || word[strspn(word, "0123456789")] || !t->known ||
		(!t->address && !t->interface))
		return t->address ? WRITE_UNCLEAR : WRITE_OTHER;
	act = add(base, ACT_VFS, ret);
	act->address = t->address ? xstrdup(t->address) : NULL;
	act->interface = t->address ? NULL : xstrdup(t->interface);
	act->number = strtol(word, NULL, 10);
	return WRITE_ACTS;
}

static bool of_pci(const char *path, const struct target *t)
{
	return strstr(path, "/bus/pci/") || t->address ||
	       (t->driver && after_prefix(t->driver, "pci:")) ||
	       (!t->known && !strstr(path, "/bus/"));
}

static enum attribute_write unbind(const char *text, const struct target *t,
	const struct act *base, struct acts *ret)
{
	struct act *act;

	/* "devices/ADDRESS/driver/unbind": what is written should be that address. */
	if (t->driver || !t->address || !t->known || !is_known(text))
		return by_address(ACT_UNBIND, text, t, base, ret);
	act = add(base, ACT_UNBIND, ret);
	act->address = xstrdup(t->address);
	act->group = t->group;
	return WRITE_ACTS;
}

enum attribute_write attribute_write(
	const char *text, const char *path, const struct act *base, struct acts *ret)
{
	CLEANUP(target_done) struct target t = { 0 };

	read_path(path, &t);
	if (!of_pci(path, &t) && !streq(t.name, "sriov_numvfs"))
		return WRITE_OTHER;
	if (streq(t.name, "driver_override"))
		return override(text, &t, base, ret);
	if (streq(t.name, "bind"))
		return t.driver ? by_address(ACT_BIND, text, &t, base, ret)
				: WRITE_UNCLEAR;
	if (streq(t.name, "unbind"))
		return unbind(text, &t, base, ret);
	if (streq(t.name, "drivers_probe"))
		return by_address(ACT_PROBE, text, &t, base, ret);
	if (streq(t.name, "new_id"))
		return new_id(text, &t, base, ret);
	if (streq(t.name, "sriov_numvfs"))
		return numvfs(text, &t, base, ret);
	/* It comes back at a rescan, as if new. Other attributes are no driver's matter.
	 */
	if (streq(t.name, "remove") && t.address)
		return WRITE_UNCLEAR;
	return WRITE_OTHER;
}
