// SPDX-License-Identifier: GPL-2.0-or-later
#include "support.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/facts/facts.h"
#include "sample/hostfile.h"
#include "sample/sample.h"
#include "sample/tree.h"
#include "core/plan/request.h"
#include "core/planner/vfs.h"

#include <fcntl.h>
#include <fts.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#define FILE_MAX ((size_t)64 << 20)

char tree[64];
struct root *tree_root;
static size_t complaints;
static bool skipped;

/* A file system in memory makes the many small files of a host ten times as fast. */
static const char *place(void)
{
	const char *shm = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	return getenv("TMPDIR") ?: shm;
}

static int make_tree(void)
{
	(void)snprintf(tree, sizeof(tree), "%.40s/pciferry-test-XXXXXX", place());
	if (!mkdtemp(tree) || chmod(tree, 0755) < 0)
		return -1;
	return root_open(tree, &tree_root, NULL);
}

static int remove_tree(void)
{
	root_close(TAKE(tree_root));
	sample_remove(tree);
	return access(tree, F_OK) == 0 ? -1 : 0;
}

int test_setup(void **state)
{
	(void)state;
	complaints = 0;
	return make_tree();
}

void tree_renew(void)
{
	assert_int_equal(remove_tree(), 0);
	assert_int_equal(make_tree(), 0);
}

int test_teardown(void **state)
{
	int r = remove_tree();

	(void)state;
	if (complaints)
		print_error("%zu complaints, see above\n", complaints);
	return complaints ? -1 : r;
}

int test_status(int failed)
{
	return failed ?: skipped ? 77 : 0;
}

void skip_part(const char *why)
{
	print_message("  SKIPPED: %s\n", why);
	skipped = true;
}

void skip_because(const char *why)
{
	skip_part(why);
	skip();
}

void needs_root(const char *why)
{
	if (geteuid() != 0)
		skip_because(why);
}

unsigned int namespaces(unsigned int flags)
{
	return geteuid() == 0 ? flags : flags | CLONE_NEWUSER;
}

static int put(const char *path, const char *text)
{
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) > 0 ? 0 : -1;
}

int keep_ids(uid_t uid, gid_t gid)
{
	char uids[64], gids[64];

	if (uid == 0)
		return 0;
	(void)snprintf(uids, sizeof(uids), "%u %u 1", uid, uid);
	(void)snprintf(gids, sizeof(gids), "%u %u 1", gid, gid);
	return put("/proc/self/uid_map", uids) < 0 ||
			       put("/proc/self/setgroups", "deny") < 0 ||
			       put("/proc/self/gid_map", gids) < 0
		       ? -1
		       : 0;
}

/*
 * Mounts must not show outside. A chroot whose / is no mount point cannot have that said
 * of it; then the whole tree is mounted once more, below a mount that can, and entered.
 */
static int make_private(void)
{
	static const char place[] = "/proc/fs";

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		return 0;
	return mount(NULL, "/proc", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
			       mount("/", place, NULL, MS_BIND | MS_REC, NULL) < 0 ||
			       mount(NULL, place, NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
			       chroot(place) < 0 || chdir("/") < 0
		       ? -1
		       : 0;
}

int own_mounts(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	return unshare((int)namespaces(CLONE_NEWNS)) < 0 || keep_ids(uid, gid) < 0
		       ? -1
		       : make_private();
}

int in_child(void (*f)(void))
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		complaints = 0;
		f();
		_exit(complaints ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void (*in_namespace)(void);

static void enter_namespace(void)
{
	if (own_mounts() < 0)
		_exit(77);
	root_close(tree_root); /* it knows the mounts of the old namespace only */
	assert_int_equal(root_open(tree, &tree_root, NULL), 0);
	in_namespace();
}

void in_mount_namespace(void (*f)(void))
{
	int status;

	in_namespace = f;
	status = in_child(enter_namespace);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip_because(MOUNTS_FORBIDDEN);
	if (status)
		complain("the child ended with status %#x", status);
}

void complain(const char *fmt, ...)
{
	autofree char *text = NULL;
	va_list ap;

	complaints++;
	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	print_error("  %s\n", text);
}

void check_text(const char *what, const char *got, const char *want)
{
	if (!streq_null(got, want))
		complain("%s: is \"%s\", should be \"%s\"", what, got ?: "(none)",
			want ?: "(none)");
}

void check_number(const char *what, long got, long want)
{
	if (got != want)
		complain("%s: is %ld, should be %ld", what, got, want);
}

void check_holds(const char *what, const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		complain(
			"%s: does not hold \"%s\": \"%s\"", what, part, text ?: "(none)");
}

void tree_put_bytes(const char *path, const void *data, size_t len)
{
	assert_int_equal(tree_write(tree_root, path, TREE_REPLACE, 0644, data, len), 0);
}

void tree_put(const char *path, const char *text)
{
	tree_put_bytes(path, text, strlen(text));
}

void tree_mkdir(const char *path)
{
	assert_int_equal(tree_dir(tree_root, path), 0);
}

void tree_symlink(const char *path, const char *target)
{
	assert_int_equal(tree_link(tree_root, path, target), 0);
}

char *tree_get(const char *path)
{
	char *text = NULL;
	int r = root_read(tree_root, path, FILE_MAX, &text, NULL);

	assert_true(r == 0 || r == -ENOENT);
	return text;
}

char *tree_path(const char *path)
{
	char *full;

	assert_true(asprintf(&full, "%s/%s", tree, path) >= 0);
	return full;
}

static void expand(const char *text, const char *name)
{
	struct err err = { 0 };
	autoclose int fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	if (hostfile_expand(text, name, fd, &err) < 0)
		fail_msg("%s", err.text);
}

void tree_expand(const char *text)
{
	expand(text, "(test)");
}

char *source_text(const char *path)
{
	autoroot struct root *tests = NULL;
	char *text = NULL;

	assert_int_equal(root_open(TESTS_DIR, &tests, NULL), 0);
	if (root_read(tests, path, FILE_MAX, &text, NULL) < 0)
		fail_msg("cannot read tests/%s", path);
	return text;
}

char **source_list(const char *path)
{
	autoroot struct root *tests = NULL;
	char **names = NULL;

	assert_int_equal(root_open(TESTS_DIR, &tests, NULL), 0);
	if (root_list(tests, path, &names) < 0)
		fail_msg("cannot list tests/%s", path);
	return names;
}

void tree_expand_host(const char *name)
{
	autofree char *path = NULL, *text = NULL;

	assert_true(asprintf(&path, "hosts/%s", name) >= 0);
	text = source_text(path);
	expand(text, name);
}

static void add_xattrs(struct buf *b, const char *path)
{
	char names[1024], value[1024];
	ssize_t n = llistxattr(path, names, sizeof(names));

	for (const char *name = names; n > 0 && name < names + n;
		name += strlen(name) + 1) {
		ssize_t len = lgetxattr(path, name, value, sizeof(value));
		autofree char *clean = len < 0 ? NULL : text_clean(value, (size_t)len);

		buf_printf(b, " %s=%s", name, clean ?: "?");
	}
}

static void add_content(struct buf *b, const char *path)
{
	autofclose FILE *f = fopen(path, "re");
	char chunk[4096];
	size_t n;

	buf_puts(b, f ? " \"" : " unreadable");
	while (f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
		autofree char *clean = text_clean(chunk, n);

		buf_puts(b, clean ?: "");
	}
	buf_puts(b, f ? "\"" : "");
}

static void add_entry(struct buf *b, const FTSENT *e, const char *path)
{
	const struct stat *st = e->fts_statp;
	char target[512];
	ssize_t n;

	buf_printf(b, "%s %o %u:%u", path, st->st_mode, st->st_uid, st->st_gid);
	add_xattrs(b, e->fts_accpath);
	if (S_ISLNK(st->st_mode)) {
		n = readlink(e->fts_accpath, target, sizeof(target));
		buf_printf(b, " -> %.*s", (int)n, target);
	} else if (S_ISREG(st->st_mode)) {
		add_content(b, e->fts_accpath);
	}
	buf_puts(b, "\n");
}

static bool is_except(const char *path, const char *const *except)
{
	for (; except && *except; except++)
		if (after_prefix(path, *except))
			return true;
	return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

char *tree_snapshot(const char *const *except)
{
	char *const paths[] = { tree, NULL };
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	autobuf struct buf b = { 0 };
	char *text = NULL;
	FTSENT *e;

	assert_non_null(fts);
	while ((e = fts_read(fts))) {
		const char *path = e->fts_path + strlen(tree);

		if (e->fts_info == FTS_DP)
			continue;
		if (is_except(path, except))
			(void)fts_set(fts, e, FTS_SKIP);
		else
			add_entry(&b, e, path[0] ? path : "/");
	}
	(void)fts_close(fts);
	text = buf_take(&b);
	return text;
}

void check_same(const char *what, const char *before, const char *after)
{
	const char *line = after;

	if (streq(before, after))
		return;
	for (const char *a = before, *b = after; *a == *b; a++, b++)
		if (*a == '\n')
			before = a + 1, line = b + 1;
	complain("%s:\n    was: %.*s\n    is:  %.*s", what, (int)strcspn(before, "\n"),
		before, (int)strcspn(line, "\n"), line);
}

struct host *tree_scan(void)
{
	struct host *host = NULL;
	struct err err = { 0 };

	if (host_scan(tree_root, &host, &err) < 0)
		fail_msg("scan: %s", err.text);
	return host;
}

/* What is no device: whether the word was taken. */
static bool take_option(const struct host *host, struct request *request,
	const char *word, const char **method)
{
	if (streq(word, "iommu=pt"))
		request->claims.iommu_pt = true;
	else if (streq(word, "clean"))
		request->clean = true;
	else if (after_prefix(word, "loader="))
		claims_set_loader(&request->claims, after_prefix(word, "loader="));
	else if (after_prefix(word, "accept="))
		strv_add(&request->accepted, after_prefix(word, "accept="));
	else if (after_prefix(word, "method="))
		*method = after_prefix(word, "method=");
	else if (after_prefix(word, "user="))
		request_give(host, request, NULL, after_prefix(word, "user="), NULL);
	else if (after_prefix(word, "group="))
		request_give(host, request, NULL, NULL, after_prefix(word, "group="));
	else if (streq(word, "nobody"))
		request_give(host, request, NULL, NULL, NULL);
	else
		return false;
	return true;
}

static int take_word(const struct host *host, struct request *request, const char *word,
	const char *method, struct err *err)
{
	struct device *d = NULL;
	int r;

	if (after_prefix(word, "memory="))
		return claims_parse_memory(
			       after_prefix(word, "memory="), &request->claims.memory_mib)
			       ? 0
			       : -EINVAL;
	if (after_prefix(word, "vfs=")) {
		autofree char *address = strdup(after_prefix(word, "vfs="));
		char *count = address ? strchr(address, '=') : NULL;

		assert_non_null(count);
		*count++ = '\0';
		return request_set_vfs(host, request, host_device(host, address),
			(unsigned)strtoul(count, NULL, 10), err);
	}
	if (word[0] == '-')
		return request_drop(host, request, word + 1, err);
	r = host_find(host, word, &d, err);
	return r < 0 ? r : facts_choose(host, request, d, method, err);
}

struct plan *make_plan(const struct host *host, const char *words)
{
	CLEANUP(request_done) struct request request = { 0 };
	autostrv char **list = strv_split(words, " ");
	const char *method = NULL;
	struct err err = { 0 };

	request_start(host, &request);
	strv_foreach (word, list)
		if (!take_option(host, &request, word, &method) &&
			take_word(host, &request, word, method, &err) < 0)
			fail_msg("%s: %s", word, err.text);
	return plan_build(host, &request);
}

const struct finding *plan_finding(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (streq(finding_name(&plan->findings[i]), name))
			return &plan->findings[i];
	return NULL;
}

const struct change *plan_change(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->steps.n_changes; i++)
		if (streq(plan->steps.changes[i].path, path))
			return &plan->steps.changes[i];
	return NULL;
}

const char *plan_text(const struct host *host, const struct plan *plan, const char *path)
{
	const struct change *c = plan_change(plan, path);

	return c ? c->after : host_text(host, path);
}

char *plan_findings(const struct plan *plan)
{
	autobuf struct buf b = { 0 };
	char *text = NULL;

	for (size_t i = 0; i < plan->n_findings; i++)
		buf_printf(&b, "%s %s: %s\n",
			severity_to_string(plan->findings[i].severity),
			finding_name(&plan->findings[i]), plan->findings[i].text);
	text = buf_take(&b);
	return text;
}
