// SPDX-License-Identifier: GPL-2.0-or-later
/* The usual questions: is that file of sysfs there, is this the run that asks for
 * prerequisites (initramfs-tools(7)), is this root. */
#include "core/format/condition.h"
#include "core/base/strv.h"
#include "core/format/expand.h"

static enum outcome of(bool known)
{
	return known ? OUTCOME_TRUE : OUTCOME_FALSE;
}

static enum outcome invert(enum outcome o)
{
	if (o == OUTCOME_TRUE)
		return OUTCOME_FALSE;
	return o == OUTCOME_FALSE ? OUTCOME_TRUE : o;
}

/* A script that asks for a file of the kernel's has it: where it has not, what is written
 * there fails as well. */
static enum outcome exists(const char *path, bool inverted)
{
	bool vfio = strstr(path, "vfio");

	if (!is_known(path))
		return OUTCOME_UNKNOWN;
	if (after_prefix(path, "/sys/"))
		/* "[ ! -e .../vfio-pci ] && modprobe": it is loaded in either case */
		return inverted && !vfio && !strstr(path, "/devices/") ? OUTCOME_UNKNOWN
		       : inverted && vfio			       ? OUTCOME_FALSE
								       : OUTCOME_TRUE;
	if (after_prefix(path, "/dev/null") || after_prefix(path, "/sbin/") ||
		after_prefix(path, "/bin/") || after_prefix(path, "/usr/") ||
		streq(path, "/proc/cmdline") || streq(path, "/scripts/functions"))
		return OUTCOME_TRUE;
	return OUTCOME_UNKNOWN;
}

/* Whether there is an IOMMU: without one vfio-pci takes nothing anyway. */
static bool asks_for_iommu(const char *word)
{
	return strstr(word, "/sys/class/iommu") ||
	       strstr(word, "/sys/kernel/iommu_groups");
}

static enum outcome unary(const char *op, const char *word, bool inverted)
{
	bool filled = streq(op, "-n");

	if (filled || streq(op, "-z")) {
		if (asks_for_iommu(word))
			return of(filled);
		return is_known(word) ? of((*word != '\0') == filled) : OUTCOME_UNKNOWN;
	}
	if (strlen(op) == 2 && op[0] == '-' && strchr("edfLhrwxs", op[1]))
		return exists(word, inverted);
	return OUTCOME_UNKNOWN;
}

static bool asks_for_root(const char *word)
{
	return strstr(word, "id -u") || strstr(word, "UID");
}

static enum outcome binary(const char *a, const char *op, const char *b)
{
	bool equal = streq(op, "=") || streq(op, "==") || streq(op, "-eq");
	bool other = streq(op, "!=") || streq(op, "-ne");
	bool root = asks_for_root(a) && streq(b, "0");

	if (!equal && !other)
		return OUTCOME_UNKNOWN;
	if (strstr(a, "prereqs") || strstr(b, "prereqs"))
		return of(other);
	if (root)
		return of(equal);
	if (!is_known(a) || !is_known(b) || strpbrk(b, "*?["))
		return OUTCOME_UNKNOWN;
	return of(streq(a, b) == equal);
}

enum outcome condition_of(char *const *words)
{
	size_t n = strv_len(words), first = 1;
	bool inverted = false;
	enum outcome o = OUTCOME_UNKNOWN;

	if (n && (streq(words[n - 1], "]") || streq(words[n - 1], "]]")))
		n--;
	while (first < n && streq(words[first], "!")) {
		inverted = !inverted;
		first++;
	}
	if (n - first == 1)
		o = unary("-n", words[first], inverted);
	else if (n - first == 2)
		o = unary(words[first], words[first + 1], inverted);
	else if (n - first == 3)
		o = binary(words[first], words[first + 1], words[first + 2]);
	return inverted ? invert(o) : o;
}
