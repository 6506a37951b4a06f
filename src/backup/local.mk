# libbackup.a: the only code that changes a host.

noinst_LIBRARIES += libbackup.a
libbackup_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(MD_CFLAGS)
libbackup_a_SOURCES = \
	src/backup/apply.c src/backup/apply.h \
	src/backup/attr.c src/backup/attr.h \
	src/backup/backup.h \
	src/backup/bind.c src/backup/bind.h \
	src/backup/diff.c src/backup/diff.h \
	src/backup/disk.c src/backup/disk.h \
	src/backup/drift.c \
	src/backup/family.c src/backup/family.h \
	src/backup/job.c src/backup/job.h \
	src/backup/lock.c src/backup/lock.h \
	src/backup/manifest.c src/backup/manifest.h \
	src/backup/merge.c src/backup/merge.h \
	src/backup/preview.c src/backup/preview.h \
	src/backup/products.c src/backup/products.h \
	src/backup/prune.c \
	src/backup/ready.c src/backup/ready.h \
	src/backup/restore.c \
	src/backup/resume.c \
	src/backup/run.c src/backup/run.h \
	src/backup/save.c \
	src/backup/set.c src/backup/set.h
BACKUP_LIBS = libbackup.a libassets.a $(JANSSON_LIBS) $(MD_LIBS)
