// SPDX-License-Identifier: GPL-2.0-or-later
/* Backup sets on disk: damaged ones, made-up ones, and locks. */
#include "little.h"
#include "backup/lock.h"
#include "backup/manifest.h"
#include "backup/store.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

/* What is written is read again, whole; and writing that gives the same text. */
static void test_round_trip(void **state)
{
	autofree char *text = NULL, *again = NULL;
	autoplan struct plan *plan = little_plan();
	autosets struct sets sets = { 0 };

	(void)state;
	little_host();
	MUST(little_apply(plan, true, why));
	MUST(sets_scan(tree_root, &sets, why));
	assert_int_equal(sets.n, 1);
	assert_string_equal(sets.list[0].id, "0001");
	assert_int_equal(sets.list[0].n_files, plan->steps.n_changes);
	assert_string_equal(sets.list[0].files[1].path, "/etc/default/grub");
	assert_int_equal(sets.list[0].files[1].before.mode, 0640);
	assert_false(sets.list[0].files[0].before.present);
	assert_false(sets.list[0].files[3].after.present);
	assert_int_equal(strv_len(sets.list[0].made_dirs), 3);
	assert_string_equal(sets.list[0].steps.commands[0].argv[0], "/usr/sbin/build");
	text = tree_get(SETS_PATH "/0001/manifest.json");
	assert_int_equal(manifest_format(&sets.list[0], &again), 0);
	assert_string_equal(text, again);
}

/* A copy that was damaged: that set is refused whole, its neighbour is undone. */
static void test_damaged_copy(void **state)
{
	static const struct {
		const char *path, *text; /* NULL: gone */
	} damages[] = {
		{ SETS_PATH "/0001/before/etc/default/grub", "evil\n" },
		{ SETS_PATH "/0001/before/etc/default/grub", "" },
		{ SETS_PATH "/0001/before/etc/default/grub", NULL },
		{ SETS_PATH "/0001/before/etc/modprobe.d/old.conf", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *before = NULL, *after = NULL, *path = NULL;
		struct err err = { 0 };

		tree_renew();
		path = tree_path(damages[i].path);
		little_host();
		MUST(little_apply(plan, false, why));
		assert_int_equal(unlink(path), 0);
		if (damages[i].text)
			tree_put(damages[i].path, damages[i].text);
		before = tree_snapshot(NULL);
		if (little_undo(NULL, false, &err) >= 0)
			complain("%s: undone all the same", damages[i].path);
		check_holds("says which", err.text, damages[i].path);
		after = tree_snapshot(NULL);
		check_same("nothing was touched", before, after);
	}
}

#define HEAD(id, state)                                                                  \
	"{\"format\":1,\"id\":\"" id "\",\"time\":\"t\",\"state\":\"" state              \
	"\",\"summary\":\"s\",\"undoes\":null,"
#define HEAD_OF(format, undoes, origin)                                                  \
	"{\"format\":" format ",\"id\":\"0002\",\"time\":\"t\",\"state\":\"applied\","   \
	"\"summary\":\"s\",\"undoes\":" undoes "," origin "\"files\":[],"
#define HEAD2(undoes, origin) HEAD_OF("2", undoes, origin)
#define ORIGIN(origin, direction)                                                        \
	"\"origin\":\"" origin "\",\"direction\":\"" direction "\","
#define TAIL                                                                             \
	"\"made_dirs\":[],\"commands\":[],\"expects\":[],\"words\":[],\"boot_id\":null}"
#define NO_FILES "\"files\":[],"
#define FILES(path)                                                                      \
	"\"files\":[{\"path\":\"" path "\",\"why\":\"\",\"before\":null,\"after\":null}],"
#define SIDE(mode, uid)                                                                                     \
	"{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"mode\":\"" mode \
	"\",\"uid\":" uid ",\"gid\":0}"
#define BEFORE(side)                                                                     \
	"\"files\":[{\"path\":\"/etc/x\",\"why\":\"\",\"before\":" side                  \
	",\"after\":null}],"

#define MOVED(address, before)                                                           \
	HEAD("0002", "applied")                                                          \
	"\"moves\":[{\"address\":\"" address                                             \
	"\",\"id\":\"15b7:5011\",\"before\":" before                                     \
	",\"after\":\"vfio-pci\",\"override_before\":null,\"override_after\":null,"      \
	"\"rescan\":false}]," NO_FILES TAIL

/* Right ones, so that the wrong ones below are wrong for what they say. */
static void test_fine_manifests(void **state)
{
	static const char *const texts[] = {
		HEAD("0002", "applied") NO_FILES TAIL,
		HEAD("0002", "applied") FILES("/etc/x y/\xc3\xbc..a/.b") TAIL,
		HEAD("0002", "prepared") BEFORE(SIDE("0644", "0")) TAIL,
		MOVED("10000:e1:00.0", "\"nvme\""),
		MOVED("0000:01:00.0", "null"),
		HEAD_OF("1", "\"0001\"", "") TAIL,
		HEAD2("null", ORIGIN("0002", "forward")) TAIL,
		HEAD2("\"0001\"", ORIGIN("0001", "back")) TAIL,
		HEAD2("\"0001\"", ORIGIN("0000", "forward")) TAIL,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct sets one = { .list = calloc(1, sizeof(struct set)), .n = 1 };
		struct err err = { 0 };

		check_number(texts[i],
			manifest_parse("0002", texts[i], &one.list[0], &err), 0);
		sets_done(&one);
	}
}

static const char *const hostile[] = {
	MOVED("../../../etc", "null"),
	MOVED("0000:01:00.0", "\"..\""),
	MOVED("0000:01:00.0", "\"\""),
	MOVED("0000:01:00.0", "\"a/b\""),
	MOVED("0000:01:00.0", "\"a\\nb\""),
	"",
	" ",
	"x",
	"{",
	"[]",
	"null",
	"1",
	"\"x\"",
	"{}",
	"{\"format\":1}",
	"{\"format\":2}",
	"\xff",
	/* Not ours. */
	HEAD("0001", "applied") NO_FILES TAIL,
	HEAD("2", "applied") NO_FILES TAIL,
	HEAD("0002", "excellent") NO_FILES TAIL,
	HEAD("0002", "damaged") NO_FILES TAIL,
	HEAD("../0002", "applied") NO_FILES TAIL,
	HEAD("0002", "applied") NO_FILES TAIL "x",
	HEAD("0002", "applied") "\"format\":1," NO_FILES TAIL, /* twice */
	/* Its chain. */
	HEAD2("null", "") TAIL,
	HEAD2("\"0001\"", "\"origin\":\"0001\",") TAIL,
	HEAD2("\"0001\"", "\"direction\":\"back\",") TAIL,
	HEAD2("null", ORIGIN("0001", "forward")) TAIL,
	HEAD2("null", ORIGIN("0002", "back")) TAIL,
	HEAD2("\"0001\"", ORIGIN("0001", "sideways")) TAIL,
	HEAD2("\"0001\"", ORIGIN("../0001", "back")) TAIL,
	HEAD2("\"0001\"", ORIGIN("", "back")) TAIL,
	HEAD2("\"../0001\"", ORIGIN("0001", "back")) TAIL,
	HEAD2("\"0001\"", "\"origin\":null,\"direction\":\"back\",") TAIL,
	HEAD2("\"0001\"", "\"origin\":1,\"direction\":\"back\",") TAIL,
	/* Its format. */
	HEAD_OF("0", "null", "") TAIL,
	HEAD_OF("-1", "null", "") TAIL,
	HEAD_OF("-4294967295", "null", "") TAIL,
	HEAD_OF("\"1\"", "null", "") TAIL,
	HEAD_OF("3", "null", ORIGIN("0002", "forward")) TAIL,
	HEAD_OF("4294967297", "null", "") TAIL,
	/* Wrong types. */
	HEAD("0002", "applied") "\"files\":{}," TAIL,
	HEAD("0002", "applied") "\"files\":[1]," TAIL,
	HEAD("0002", "applied") "\"files\":[null]," TAIL,
	HEAD("0002", "applied") "\"files\":[[]]," TAIL,
	HEAD("0002",
		"applied") "\"files\":[{\"path\":1,\"why\":\"\",\"before\":null,\"after\":null}]," TAIL,
	HEAD("0002", "applied") BEFORE("1") TAIL,
	HEAD("0002", "applied") BEFORE("{}") TAIL,
	HEAD("0002", "applied") BEFORE("true") TAIL,
	HEAD("0002", "applied") BEFORE(SIDE("9", "0")) TAIL,
	HEAD("0002", "applied") BEFORE(SIDE("", "0")) TAIL,
	HEAD("0002", "applied") BEFORE(SIDE("10000", "0")) TAIL,
	HEAD("0002", "applied") BEFORE(SIDE("-1", "0")) TAIL,
	HEAD("0002", "applied") BEFORE(SIDE("0644", "\"0\"")) TAIL,
	HEAD("0002", "applied") BEFORE(
		"{\"sha256\":\"../../x\",\"mode\":\"0644\",\"uid\":0,\"gid\":0}") TAIL,
	/* Paths that lead elsewhere, or to nothing. */
	HEAD("0002", "applied") FILES("") TAIL,
	HEAD("0002", "applied") FILES("/") TAIL,
	HEAD("0002", "applied") FILES("etc/x") TAIL,
	HEAD("0002", "applied") FILES("../x") TAIL,
	HEAD("0002", "applied") FILES("/..") TAIL,
	HEAD("0002", "applied") FILES("/../x") TAIL,
	HEAD("0002", "applied") FILES("/etc/../x") TAIL,
	HEAD("0002", "applied") FILES("/etc/x/..") TAIL,
	HEAD("0002", "applied") FILES("/etc/./x") TAIL,
	HEAD("0002", "applied") FILES("/etc/.") TAIL,
	HEAD("0002", "applied") FILES("//etc/x") TAIL,
	HEAD("0002", "applied") FILES("/etc//x") TAIL,
	HEAD("0002", "applied") FILES("/etc/") TAIL,
	HEAD("0002", "applied") FILES("/etc/x\\n") TAIL,
	HEAD("0002", "applied") FILES("/etc/\\u001b[31m") TAIL,
	HEAD("0002", "applied") FILES("/etc/\\u007f") TAIL,
	HEAD("0002", "applied") FILES("/etc/\\u0000x") TAIL,
	/* Directories to remove, programs to run. */
	HEAD("0002", "applied") NO_FILES
	"\"made_dirs\":[\"/etc/..\"],\"commands\":[],\"expects\":[],\"words\":[],\"boot_id\":null}",
	HEAD("0002", "applied") NO_FILES
	"\"made_dirs\":[1],\"commands\":[],\"expects\":[],\"words\":[],\"boot_id\":null}",
	HEAD("0002", "applied") NO_FILES
	"\"made_dirs\":[],\"commands\":[{\"argv\":[],\"why\":\"\"}],\"expects\":[],\"words\":[],\"boot_id\":null}",
	HEAD("0002", "applied") NO_FILES
	"\"made_dirs\":[],\"commands\":[{\"argv\":[\"sh\"],\"why\":\"\"}],\"expects\":[],\"words\":[],\"boot_id\":null}",
	HEAD("0002", "applied") NO_FILES
	"\"made_dirs\":[],\"commands\":[{\"argv\":[1],\"why\":\"\"}],\"expects\":[],\"words\":[],\"boot_id\":null}",
};

/* A manifest that is not as we write it is a damaged set: listed with what is wrong,
 * never undone; the set before it is, and a new one gets a number of its own. */
static void test_hostile_manifests(void **state)
{
	autofree char *first = NULL, *now = NULL;
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };

	(void)state;
	little_host();
	first = tree_snapshot(outside_sets);
	MUST(little_apply(plan, false, why));
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		autosets struct sets sets = { 0 };
		const struct set *set;

		tree_put(SETS_PATH "/0002/manifest.json", hostile[i]);
		MUST(sets_scan(tree_root, &sets, why));
		set = sets_find(&sets, "2");
		check_text(hostile[i], set ? set_state_to_string(set->state) : NULL,
			"damaged");
		check_holds(hostile[i], set ? set->problem : NULL,
			SETS_PATH "/0002/manifest.json");
		check_number(hostile[i], little_undo("2", false, &err), -EIO);
	}
	MUST(little_undo(NULL, false, why));
	now = tree_snapshot(outside_sets);
	check_same("the set before it", first, now);
	MUST(little_apply(plan, false, why));
	check_state("4", "applied");
}

/* Whatever else is in it: that is not for this version to say. */
static void test_newer_manifest(void **state)
{
	static const char *const texts[] = { "{\"format\":3}",
		"{\"format\":3,\"id\":2,\"sets\":[]}", "{\"format\":4294967297}" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct set set = { 0 };
		struct err err = { 0 };

		check_number(
			texts[i], manifest_parse("0002", texts[i], &set, &err), -EINVAL);
		check_holds(texts[i], err.text, SETS_PATH "/0002/manifest.json");
		check_holds(texts[i], err.text, "a newer pciferry wrote it");
	}
}

static void test_huge_manifest(void **state)
{
	const size_t size = (size_t)4 << 20;
	autofree char *huge = malloc(size), *deep = malloc(1 << 19);

	(void)state;
	memset(huge, ' ', size);
	memset(deep, '[', 1 << 19);
	tree_put_bytes(SETS_PATH "/0001/manifest.json", huge, size);
	check_state("1", "damaged");
	tree_put_bytes(SETS_PATH "/0002/manifest.json", deep, 1 << 19);
	check_state("2", "damaged");
	tree_mkdir(SETS_PATH "/0003/manifest.json");
	check_state("3", "damaged");
	tree_symlink(SETS_PATH "/0004/manifest.json", "/dev/zero");
	check_state("4", NULL); /* there is none: cut short before it was begun */
}

/* A set made up by somebody: its paths lead through links that point out of the root. */
static void test_stays_in_the_root(void **state)
{
	static const char manifest[] = HEAD("0001",
		"applied") "\"files\":[{\"path\":\"/absolute/victim\",\"why\":\"\",\"before\":null,\"after\":" SIDE("0644",
		"0") "},{\"path\":\"/up/victim\",\"why\":\"\",\"before\":" SIDE("0644",
		"0") ",\"after\":null},{\"path\":\"/file\",\"why\":\"\",\"before\":" SIDE("0644",
		"0") ",\"after\":null}],"
		     "\"made_dirs\":[\"/absolute\",\"/up\"],\"commands\":[],\"expects\":[],\"words\":[],\"boot_id\":null}";
	autofree char *outside = NULL, *victim = NULL, *up = NULL, *new = NULL;
	struct err err = { 0 };
	struct stat st;

	(void)state;
	assert_true(asprintf(&outside, "%s-outside", tree) >= 0);
	assert_true(asprintf(&victim, "%s/victim", outside) >= 0);
	assert_true(asprintf(&new, "%s/new", outside) >= 0);
	assert_true(asprintf(&up, "../../../../../..%s", outside) >= 0);
	assert_int_equal(mkdir(outside, 0700), 0);
	assert_int_equal(mknod(victim, S_IFREG | 0600, 0), 0);
	tree_symlink("absolute", outside);
	tree_symlink("up", up);
	tree_symlink("file", new);
	tree_mkdir("run");
	tree_put(SETS_PATH "/0001/manifest.json", manifest);
	tree_put(SETS_PATH "/0001/before/up/victim", "");
	tree_put(SETS_PATH "/0001/before/file", "");
	(void)little_undo("1", false, &err);
	check_number("the victim is there", stat(victim, &st), 0);
	check_number("and as it was", st.st_size + (st.st_mode & 07777), 0600);
	check_number("nothing new", access(new, F_OK), -1);
	assert_int_equal(unlink(victim), 0);
	assert_int_equal(rmdir(outside), 0);
}

/* The sets' own directory is taken inside of the root too. */
static void test_sets_behind_a_link(void **state)
{
	autofree char *first = NULL, *now = NULL, *lib = NULL;
	autoplan struct plan *plan = little_plan();

	(void)state;
	little_host();
	lib = tree_path("var/lib");
	assert_int_equal(rmdir(lib), 0);
	tree_mkdir("srv/lib");
	tree_symlink("var/lib", "/srv/lib");
	first = tree_snapshot((const char *const[]){ "/srv/lib/", "/run", NULL });
	MUST(little_apply(plan, false, why));
	check_number(
		"there", root_exists(tree_root, "/srv/lib/pciferry/sets/0001"), true);
	MUST(little_undo(NULL, false, why));
	now = tree_snapshot((const char *const[]){ "/srv/lib/", "/run", NULL });
	check_same("undone", first, now);
}

/* What else lies among the sets is passed over; numbers go on after the highest. */
static void test_names(void **state)
{
	autoplan struct plan *plan = little_plan();
	autosets struct sets sets = { 0 };

	(void)state;
	little_host();
	tree_put(SETS_PATH "/README", "");
	tree_mkdir(SETS_PATH "/old-0007");
	tree_mkdir(SETS_PATH "/.hidden");
	tree_mkdir(SETS_PATH "/9998"); /* cut short at once: empty */
	tree_put(SETS_PATH "/0009/manifest.json", "{");
	MUST(little_apply(plan, false, why));
	MUST(little_undo(NULL, false, why));
	MUST(sets_scan(tree_root, &sets, why));
	assert_int_equal(sets.n, 3);
	assert_string_equal(sets.list[0].id, "0009");
	assert_string_equal(sets.list[1].id, "9999");
	assert_string_equal(sets.list[2].id, "10000"); /* newest last, by number */
	assert_ptr_equal(sets_find(&sets, "10000"), &sets.list[2]);
	assert_ptr_equal(sets_find(&sets, "9"), &sets.list[0]);
	assert_null(sets_find(&sets, "1"));
	assert_null(sets_find(&sets, ""));
	assert_null(sets_find(&sets, "nine"));
	assert_null(sets_find(&sets, "9x"));
	assert_null(sets_find(&sets, "-9"));
}

static void test_no_sets(void **state)
{
	struct err err = { 0 };

	(void)state;
	check_number("none", (long)count_sets(), 0);
	check_number("undo", little_undo(NULL, false, &err), -ENOENT);
	tree_put("var/lib/pciferry", "a file where the directory should be");
	check_number("none", (long)count_sets(), 0);
}

static int ready[2];

/* The other process: takes the lock, says so, and holds it until it is killed. */
static pid_t start_holder(void)
{
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct lock lock = { .fd = -1 };

		if (lock_take(tree_root, &lock, NULL) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	(void)close(ready[0]);
	(void)close(ready[1]);
	return pid;
}

/* One writer at a time; a lock whose holder was killed is free. */
static void test_lock(void **state)
{
	autofree char *before = NULL, *after = NULL;
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };
	char who[32];
	pid_t pid;

	(void)state;
	little_host();
	pid = start_holder();
	before = tree_snapshot(NULL);
	check_number("apply", little_apply(plan, false, &err), -EBUSY);
	(void)snprintf(who, sizeof(who), "process %d", (int)pid);
	check_holds("names the holder", err.text, who);
	after = tree_snapshot(NULL);
	check_same("nothing was touched", before, after);
	(void)kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	MUST(little_apply(plan, false, why));
	check_number("gone again", root_exists(tree_root, "/run/pciferry.lock"), false);
	pid = start_holder();
	check_number("undo", little_undo(NULL, false, &err), -EBUSY);
	(void)kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	MUST(little_undo(NULL, false, why));
}

/* A name that somebody else put where the lock should be is not followed. */
static void test_lock_is_a_link(void **state)
{
	autoplan struct plan *plan = little_plan();
	struct err err = { 0 };
	autofree char *text = NULL;

	(void)state;
	little_host();
	tree_put("victim", "mine\n");
	tree_symlink("run/pciferry.lock", "/victim");
	if (little_apply(plan, false, &err) >= 0)
		complain("a link was taken for the lock");
	text = tree_get("victim");
	check_text("victim", text, "mine\n");
}

/* A set that others than root may have written counts for nothing; the rest does. */
static void test_not_trusted(void **state)
{
	static const struct {
		const char *path;
		mode_t mode;
		uid_t uid;
	} rows[] = {
		{ SETS_PATH "/0001", 0777, 0 },
		{ SETS_PATH "/0001", 0720, 0 },
		{ SETS_PATH "/0001", 0700, 1000 },
		{ SETS_PATH "/0001/manifest.json", 0666, 0 },
		{ SETS_PATH, 0777, 0 },
	};

	(void)state;
	needs_root("not root: it changes owners");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		autoplan struct plan *plan = little_plan();
		autofree char *path = NULL;
		struct err err = { 0 };

		tree_renew();
		little_host();
		MUST(little_apply(plan, true, why));
		path = tree_path(rows[i].path);
		assert_int_equal(chmod(path, rows[i].mode), 0);
		assert_int_equal(chown(path, rows[i].uid, 0), 0);
		check_state("1", "damaged");
		check_number(rows[i].path, little_undo("1", true, &err), -EIO);
		check_holds(rows[i].path, err.text, "not trusted");
		check_number(rows[i].path, little_undo(NULL, true, &err), -EIO);
		assert_int_equal(chown(path, 0, 0), 0);
		assert_int_equal(chmod(path, 0700), 0);
		MUST(little_undo("1", true, why));
	}
}

/* A package manager at work is waited for, and named; so is one that may be. */
static void test_package_manager(void **state)
{
	autoplan struct plan *plan = little_plan();
	autofree char *path = tree_path("var/lib/dpkg/lock-frontend");
	struct err err = { 0 };
	int ends[2], status;
	char number[24], byte;
	pid_t pid;

	(void)state;
	little_host();
	tree_put("var/lib/dpkg/lock-frontend", "");
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int fd = open(path, O_RDWR | O_CLOEXEC);

		if (fd < 0 || fcntl(fd, F_SETLK, &lock) < 0 ||
			write(ends[1], "x", 1) != 1)
			_exit(1);
		(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	check_number("apply", little_apply(plan, true, &err), -EBUSY);
	(void)snprintf(number, sizeof(number), "process %d)", (int)pid);
	check_holds("apply", err.text, number);
	check_holds("apply", err.text, "lock-frontend");
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(unlink(path), 0);
	tree_symlink("var/lib/dpkg/lock-frontend", "lock-frontend"); /* to itself */
	check_number("in doubt", little_apply(plan, true, &err), -ELOOP);
	check_holds("in doubt", err.text, "lock-frontend");
	assert_int_equal(unlink(path), 0);
	MUST(little_apply(plan, true, why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_damaged_copy),
		TEST(test_fine_manifests),
		TEST(test_hostile_manifests),
		TEST(test_newer_manifest),
		TEST(test_huge_manifest),
		TEST(test_stays_in_the_root),
		TEST(test_sets_behind_a_link),
		TEST(test_names),
		TEST(test_no_sets),
		TEST(test_lock),
		TEST(test_lock_is_a_link),
		TEST(test_not_trusted),
		TEST(test_package_manager),
	};

	(void)umask(022);
	return RUN(tests);
}
