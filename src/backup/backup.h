/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Backup sets, and the two verbs that change a host: apply a plan, restore a set.
 *
 * A set is /var/lib/pciferry/sets/NNNN/, mode 0700:
 *     manifest.json   state, time, summary, files with checksums, modes and owners
 *     before/ after/  the files as they were and as they were written
 *     made/           what the commands make, as it was: until all is done
 *     log             output of every command
 *     restore.sh      puts the files back without pciferry
 */
#pragma once

#include "backup/exec.h"
#include "core/plan/plan.h"
#include "core/verify/verify.h"

#define SETS_PATH "/var/lib/pciferry/sets"

enum set_state {
	SET_PREPARED, /* the set is on disk, files are being written */
	SET_WRITTEN, /* every file is, commands are running */
	SET_REBUILT, /* commands have run, and what they made was looked into */
	SET_APPLIED, /* files and commands done */
	SET_ROLLED_BACK, /* it failed, everything was put back */
	SET_UNDONE, /* a later set has undone it; follows from that one, is never written
		     */
	SET_ENDED, /* it only moved devices, and the host was booted since; likewise */
	SET_DAMAGED, /* the manifest cannot be read; only in lists */
};

/* A file's state on one side of a set. */
struct set_side {
	bool present;
	char sha256[65]; /* of the content, hexadecimal */
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

struct set_file {
	char *path;
	char *why;
	struct set_side before, after;
};

/* What the commands make, and what became of the version that was there before. */
struct set_product {
	struct product product;
	enum kept {
		KEPT_ABSENT, /* there was none */
		KEPT_COPY, /* a copy is in the set until the work is done */
		KEPT_NOT, /* no room: it is made again where it must come back */
	} kept;
	char **beside; /* what lay there then of that which its program leaves behind when
			  it is cut short; see strv.h */
};

struct set {
	char *id; /* "0001" */
	char *time; /* RFC 3339, UTC */
	char *summary;
	char *undoes; /* the id of the set that this one undid, or NULL */
	enum set_state state;
	struct set_file *files;
	size_t n_files;
	char **made_dirs; /* directories that did not exist before, outermost first */
	struct command *commands;
	size_t n_commands;
	struct set_product *products;
	size_t n_products;
	struct move *moves; /* on the running host; a reboot ends them */
	size_t n_moves;
	struct expectations expects; /* what the reboot is to bring */
	char *boot_id; /* of the boot it was applied in; NULL where unknown */
	char *problem; /* of a damaged set: one sentence */
};

struct sets {
	struct set *list; /* oldest first */
	size_t n;
};

#define autosets CLEANUP(sets_done)

const char *set_state_word(enum set_state state);
/* Cut short: killed, or the machine went down. Only the newest can be. */
bool set_unfinished(const struct set *set);
/* Applied in the boot that still runs, so not in force yet; unknown counts as no. */
bool set_pending(const struct root *root, const struct set *set);

/* It changed no file: there is nothing that a reboot is to bring. */
bool set_only_moves(const struct set *set);

int sets_scan(const struct root *root, struct sets *ret, struct err *err) MUST_CHECK;
void sets_done(struct sets *sets);
const struct set *sets_find(const struct sets *sets, const char *id);
/* The same for a name that the user gave: -ENOENT with a sentence. */
int sets_named(const struct sets *sets, const char *id, const struct set **ret,
	struct err *err) MUST_CHECK;
/* What "undo" without a name takes: the newest set where that was cut short, else the
 * newest that is applied and does not itself undo another, else the last where that is
 * damaged, for which it is refused. NULL: nothing to undo. */
const struct set *sets_newest(const struct sets *sets);

/*
 * What the set changed when it was written, from what it keeps, whatever the files are
 * now; as a plan has it, for changes_free(). -EIO: it is damaged.
 */
int set_changes(const struct root *root, const struct set *set, struct change **ret,
	size_t *ret_n, struct err *err) MUST_CHECK;

/* The newest set that is in force, undone ones and the undoing too: what verify looks at.
 */
const struct set *sets_in_force(const struct sets *sets);

/* The driver a device had before vfio-pci, by the newest set that tells; or NULL. */
const char *sets_home(const struct sets *sets, const char *address, const char *id);
/* Whether the set is an undo, or an undo of a redo: finishing it takes a change back. */
bool set_takes_back(const struct sets *sets, const struct set *set);

/* What counts in lines of a set's that somebody else has changed since. */
enum resolution {
	RESOLVE_NOT, /* nothing is touched, and the files are named */
	RESOLVE_THEIRS, /* their lines stay */
	RESOLVE_OURS, /* they become what the set kept: their change there is lost */
	RESOLVE_LEAVE, /* the whole file stays as it is */
};

struct choice {
	const char *path;
	enum resolution resolution;
};

/* The same for each device of the claims that it is known of: "0000:01:00.0=nvme", as
 * struct bind_wish has it. */
int sets_homes(
	const struct sets *sets, const struct claims *devices, char ***ret) MUST_CHECK;

/* Saves a text for the user as a new file of mode 0644; -EEXIST where there is one. */
int backup_save_text(const struct root *root, const char *path, const char *text,
	struct err *err) MUST_CHECK;

/* How apply and restore go about it. */
struct backup_options {
	bool no_run; /* write the files, only list the commands */
	enum resolution on_conflict;
	const struct choice *choices; /* files that it is another one for */
	size_t n_choices;
};

/*
 * Writes a plan to the host. Order: lock; every file still as "before" says, else -ESTALE
 * ("rescan"); the set; the files, each replaced atomically; the commands. When anything
 * fails, or a product does not hold what it must, everything is put back, products too,
 * and err says what failed, with the command's last output. ret_id is the new set's id.
 */
int backup_apply(const struct root *root, const struct host *host,
	const struct plan *plan, const struct backup_options *options,
	const struct progress *progress, char **ret_id, struct err *err) MUST_CHECK;

/* How what the plan's commands make comes back where one of them fails, by the room there
 * is for copies: one sentence; NULL where they make nothing that is known. */
const char *backup_way_back(const struct root *root, const struct plan *plan);

/*
 * Before that: what was made by pciferry and then changed by somebody else, and what the
 * plan would make of it, becomes a warning of the plan.
 */
int backup_warn(const struct root *root, struct plan *plan, struct err *err) MUST_CHECK;

struct conflict {
	char *path;
	char *why; /* one sentence */
};

struct preview {
	struct change *changes; /* before is what is on disk now */
	size_t n_changes;
	struct conflict *conflicts; /* files that need a choice */
	size_t n_conflicts;
	char **kept; /* paths that stay as others made them, with lines of the set */
	struct command *commands; /* what runs */
	size_t n_commands;
	char **copies; /* what comes back from the copies in the set instead; see strv.h
			*/
	struct move *moves; /* none where another boot made them */
	size_t n_moves;
};

void preview_done(struct preview *preview);

/*
 * What restoring the set would change. What others changed in its files since is kept
 * where diff3(1) can merge it, else there is a conflict. -ESTALE where a later set
 * changed the same lines, -EALREADY where the set is not in force.
 */
int backup_preview(const struct root *root, const struct set *set,
	const struct backup_options *options, struct preview *ret,
	struct err *err) MUST_CHECK;

/*
 * Puts the set's files back and runs its commands again, as a set of its own; -ESTALE
 * where there are conflicts. One that was cut short is taken back in place instead, as by
 * RESUME_UNDO.
 */
int backup_restore(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err) MUST_CHECK;

/* Where to go with a set that was cut short. */
enum resume {
	RESUME_UNDO, /* to how it was before all: the end of an undo, else back */
	RESUME_FINISH, /* to its end */
	RESUME_BACK, /* to how it was before it */
};

/* The same two for a set that was cut short: no new set is made. -EALREADY where it was
 * finished meanwhile. */
int backup_preview_resume(const struct root *root, const struct set *set,
	enum resume where, const struct backup_options *options, struct preview *ret,
	struct err *err) MUST_CHECK;
int backup_resume(const struct root *root, const struct set *set, enum resume where,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err) MUST_CHECK;

/*
 * Which sets "prune" with these words removes, oldest first, with their undos and redos:
 * those named, else all of which nothing is in force. The oldest goes only by the word
 * "oldest", a damaged one only by its name. -EPERM: in force, or a directory that it made
 * is in use, or one that stays is built on it; -EBUSY: cut short.
 */
int prune_list(const struct root *root, const struct sets *sets, char *const *words,
	char ***ret, struct err *err) MUST_CHECK;
/* Removes them; *ret_ids is the caller's, see strv.h. */
int backup_prune(const struct root *root, char *const *words, char ***ret_ids,
	struct err *err) MUST_CHECK;
