/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the host file expander share; see hostfile.h for the format. */
#pragma once

#include "core/host/device.h"
#include "sample/tree.h"

struct expanded_device {
	char *address;
	struct pci_address at;
	char *path; /* "sys/devices/pci0000:00/0000:00:01.0" */
	char *driver; /* NULL for none */
	char *uevent; /* without DRIVER= */
	uint32_t below; /* domain of the buses behind it */
	unsigned first, last; /* those buses; 0 for none */
	unsigned functions; /* virtual ones so far */
};

struct expanded_driver {
	char *name;
	char *module; /* NULL: the one of the same name, if the host has it */
	bool used;
};

struct expanded_module {
	char *release;
	char *name; /* with "_" for every "-" */
	bool builtin;
};

struct expander {
	const char *name; /* the host file, for messages */
	size_t line; /* 0: none in particular */
	const char *rest; /* the text after that line */
	unsigned depth; /* of includes */
	struct root *root;
	struct err *err;
	struct expanded_device *devices;
	size_t n_devices;
	struct expanded_driver *drivers;
	size_t n_drivers;
	struct expanded_module *modules;
	size_t n_modules;
	char **kernels;
	char *running;
};

/* One directive: its words, the directive's own among them; 0 or an error in x->err. */
typedef int directive_fn(struct expander *x, char **words);

/* -EINVAL with a sentence that starts with the place. */
int expand_bad(struct expander *x, const char *fmt, ...) PRINTF(2, 3);
/* The same for a system call that failed on a path of the tree; r is passed through. */
int expand_errno(struct expander *x, int r, const char *path);
/* Refuses a path that is absolute or could lead upwards. */
int expand_check_path(struct expander *x, const char *path) MUST_CHECK;
/* A file of the tree, dir/name, from a format. */
int expand_put(struct expander *x, const char *dir, const char *name, mode_t mode,
	const char *fmt, ...) PRINTF(5, 6) MUST_CHECK;
int expand_dir(struct expander *x, const char *dir, const char *name) MUST_CHECK;
/* A link dir/name to another path of the tree. */
int expand_link(
	struct expander *x, const char *dir, const char *name, const char *to) MUST_CHECK;
/* The value of KEY=VALUE among the words, or NULL. */
const char *expand_value(char **words, const char *key);
/* Exactly so many hexadecimal digits, then the end character. */
bool expand_hex(const char *s, size_t digits, char end, unsigned *ret);
/* Bytes written as hexadecimal digits; -EINVAL. */
int expand_bytes(const char *s, unsigned char *out, size_t size, size_t *len) MUST_CHECK;
