/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the unit tests share: a private tree for each test, snapshots of it, and tables
 * whose rows all run before the test fails.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/root.h"
#include "core/base/strv.h"
#include "core/planner/planner.h"
#include "core/scan/scan.h"

/* The tree of the running test, a new directory of mode 0755, and a handle on it. */
extern char tree[64];
extern struct root *tree_root;
/* What a reader of a host that was scanned there gets. */
#define TREE_PROBE(host) (&(const struct probe){ tree_root, (host) })

int test_setup(void **state);
/* Another, empty one in its place: for the rows of a table. */
void tree_renew(void);
/* Removes the tree; fails a test that has complained. */
int test_teardown(void **state);
#define TEST(f) cmocka_unit_test_setup_teardown(f, test_setup, test_teardown)
/* Runs them; what main() returns: 77, a skip to automake, where a test was skipped. */
#define RUN(tests) test_status(cmocka_run_group_tests(tests, NULL, NULL))
int test_status(int failed);
/* Skips the test, and says why in a sentence. What else ran in its program still counts,
 * but the program is reported as skipped. */
void skip_because(const char *why);
/* The same for a part of it: the test goes on. */
void skip_part(const char *why);
/* Does so where it is not run by root. */
void needs_root(const char *why);
/* These flags of clone(2); for others than root with a user namespace, which allows them.
 */
unsigned int namespaces(unsigned int flags);
/* In such a user namespace: one is who one was outside. -1 where that cannot be. */
int keep_ids(uid_t uid, gid_t gid);
/* Mounts of this process's own from here on; -1 where a container or a chroot has none to
 * give. */
int own_mounts(void);
#define MOUNTS_FORBIDDEN "this test mounts, which is not allowed here"
/* Runs f in a child with mounts of its own; complaints there count here. */
void in_mount_namespace(void (*f)(void));
/* Runs f in a child; the status as of waitpid(2). Complaints there end it with 1. */
int in_child(void (*f)(void));

/* Says what is wrong with a row of a table and goes on; the test fails when it is over.
 */
void complain(const char *fmt, ...) PRINTF(1, 2);
/* Complains unless both are equal; NULL equals NULL only. what names the row. */
void check_text(const char *what, const char *got, const char *want);
void check_number(const char *what, long got, long want);
/* Complains unless text (which may be NULL) holds part. */
void check_holds(const char *what, const char *text, const char *part);

/* Files of the tree by their path there; what lies above is made. */
void tree_put(const char *path, const char *text);
void tree_put_bytes(const char *path, const void *data, size_t len);
void tree_mkdir(const char *path);
void tree_symlink(const char *path, const char *target);
/* The text of a file, NULL where it is absent. The caller's. */
char *tree_get(const char *path);
/* The path outside of the tree's root handle: "/tmp/.../etc/x". The caller's. */
char *tree_path(const char *path);
/* Lines of a host file: GRUB as Debian has it, with these words after "quiet". */
#define DEBIAN_GRUB(words)                                                               \
	"dir boot/grub\n"                                                                \
	"text usr/sbin/grub-mkconfig for x in ${sysconfdir}/default/grub.d/*.cfg ; do\n" \
	"text usr/sbin/update-grub x\n"                                                  \
	"text etc/default/grub GRUB_CMDLINE_LINUX_DEFAULT=\"quiet" words "\"\n"
/* Adds the lines of a host file to the tree. */
void tree_expand(const char *text);
/* FILE.host of tests/hosts. */
void tree_expand_host(const char *name);
/* A file of the source tree, below tests/. The caller's. */
char *source_text(const char *path);
/* The names in a directory there; see strv.h. The caller's. */
char **source_list(const char *path);

/*
 * Everything in the tree, a line an entry: path, mode, owner, extended attributes,
 * target or content. except lists prefixes of paths to leave out. The caller's.
 */
char *tree_snapshot(const char *const *except);
/* Complains with the first line that differs. */
void check_same(const char *what, const char *before, const char *after);

/* Scans the tree; a scan that fails fails the test. */
struct host *tree_scan(void);
/*
 * A plan for the host. wish has words: an address or ID chooses a device, "-ADDRESS"
 * releases it, "iommu=pt", "clean", "accept=NAME" and "method=M" (for the devices after
 * it) are the options; "user=NAME", "group=NAME" and "nobody" say who has all chosen
 * before, "memory=SIZE" for what guest; "vfs=ADDRESS=NUMBER" wants virtual functions. A
 * wish that is refused fails the test.
 */
struct plan *make_plan(const struct host *host, const char *request);
const struct finding *plan_finding(const struct plan *plan, const char *name);
const struct change *plan_change(const struct plan *plan, const char *path);
/* What the file will hold after the plan: its change's text, or the text there is now. */
const char *plan_text(const struct host *host, const struct plan *plan, const char *path);
/* All findings, a line each: "refusal iommu-off: text". The caller's. */
char *plan_findings(const struct plan *plan);
