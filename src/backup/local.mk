# libbackup.a: the only code that changes a host.

noinst_LIBRARIES += libbackup.a
libbackup_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(MD_CFLAGS)
libbackup_a_SOURCES = \
	src/backup/apply.c src/backup/apply.h \
	src/backup/artifact.c src/backup/artifact.h \
	src/backup/atomic.c src/backup/atomic.h \
	src/backup/backup.h \
	src/backup/diff.c src/backup/diff.h \
	src/backup/drift.c src/backup/drift.h \
	src/backup/exec.c src/backup/exec.h \
	src/backup/journal.c src/backup/journal.h \
	src/backup/lock.c src/backup/lock.h \
	src/backup/manifest.c src/backup/manifest.h \
	src/backup/merge.c src/backup/merge.h \
	src/backup/moves.c src/backup/moves.h \
	src/backup/origin.c src/backup/origin.h \
	src/backup/prune.c src/backup/prune.h \
	src/backup/ready.c src/backup/ready.h \
	src/backup/restore.c src/backup/restore.h \
	src/backup/restore_plan.c src/backup/restore_plan.h \
	src/backup/resume.c src/backup/resume.h \
	src/backup/save.c src/backup/save.h \
	src/backup/set.c src/backup/set.h \
	src/backup/store.c src/backup/store.h \
	src/backup/sysfs.c src/backup/sysfs.h
BACKUP_LIBS = libbackup.a libassets.a $(JANSSON_LIBS) $(MD_LIBS)
