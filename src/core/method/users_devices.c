// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user has set up for single devices: driverctl's overrides, udev rules; and
 * which devices of a release the user's own lines keep on vfio-pci. */
#include "core/base/strv.h"
#include "core/method/users.h"

/* driverctl keeps a file a device, named by its address; it holds the driver's name. */
static const char *const driverctl[] = { "/etc/driverctl.d/", "/etc/driverctl.d/pci-" };

static bool names_vfio(const char *text)
{
	const char *rest = text ? after_prefix(text, "vfio-pci") : NULL;

	return rest && rest[strspn(rest, " \t\r\n")] == '\0';
}

static int override_place(const struct build *b, const struct device *d, char **ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(driverctl) && !*ret; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "%s%s", driverctl[i], d->address);
		if (!names_vfio(host_text(b->host, path)))
			continue;
		*ret = strdup(path);
		if (!*ret)
			return -ENOMEM;
	}
	return 0;
}

static int tell_claim(struct build *b, const struct device *d)
{
	autofree char *place = NULL;

	if (override_place(b, d, &place) < 0)
		return -ENOMEM;
	return place ? build_finding(b, FINDING_INFO, "user-override",
			       "%s gives %s to vfio-pci already: it stays as it is.",
			       place, d->address)
		     : 0;
}

static int tell_release(struct build *b, const struct device *d)
{
	autofree char *place = NULL;

	if (users_ids_place(b, d, &place) < 0 ||
		(!place && override_place(b, d, &place) < 0))
		return -ENOMEM;
	return place ? build_finding(b, FINDING_WARNING, "users-keep",
			       "%s is released, but %s gives it to vfio-pci too, and is "
			       "yours: take it out there to have its own driver back.",
			       d->address, place)
		     : 0;
}

int users_tell_devices(struct build *b)
{
	const struct claims *now = &b->host->claims, *planned = &b->plan->claims;
	int r = 0;

	for (size_t i = 0; r == 0 && i < planned->n; i++) {
		const struct device *d = build_device(b, &planned->list[i]);

		r = d ? tell_claim(b, d) : 0;
	}
	for (size_t i = 0; r == 0 && i < now->n; i++) {
		const struct device *d = build_device(b, &now->list[i]);

		if (d && !claims_find(planned, d->address))
			r = tell_release(b, d);
	}
	return r;
}
