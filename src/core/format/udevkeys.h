/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The items of a udev rule, and which of its matches hold for a PCI device (udev(7)). */
#pragma once

#include "core/host/device.h"

/* One item of a rule: KEY{attribute} OP "VALUE". */
struct udev_item {
	char *key, *attribute, *value;
	char op[3];
};

enum udev_truth { UDEV_FAILS, UDEV_UNKNOWN, UDEV_HOLDS };

struct udev_keys {
	const struct device *const *chain; /* it and those above it, ended by NULL */
	char *const *words; /* the kernel command line */
	const char *driver_override; /* as rules before this one set it */
	char **env; /* names, each followed by its value */
	bool programs; /* some program may have set more of them */
};

void udev_item_done(struct udev_item *item);
/* The next item at *at; false at the line's end or where it is no rule. */
bool udev_next_item(const char **at, struct udev_item *item);
/* "[pci/ADDRESS]attribute" is the attribute of the device there: of this one, if so. */
void udev_strip_own(const struct udev_keys *keys, struct udev_item *item);
/* Of an item that is no match, or one of the device and those above: it holds. */
enum udev_truth udev_key_holds(struct udev_keys *keys, const struct udev_item *item);
/* Whether one of them is matched by all of KERNELS, SUBSYSTEMS, DRIVERS and ATTRS. */
enum udev_truth udev_above_holds(
	const struct udev_keys *keys, const struct udev_item *items, size_t n);
void udev_set_env(struct udev_keys *keys, const char *name, const char *value);
/* With what udev puts in for $kernel, %k and the like, as far as that is known. */
char *udev_substitute(const struct udev_keys *keys, const char *value) MUST_CHECK;
