# libcli.a: the verbs, as text and as JSON.

noinst_LIBRARIES += libcli.a
libcli_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
libcli_a_SOURCES = \
	src/cli/bind.c \
	src/cli/change.c src/cli/change.h \
	src/cli/check.c \
	src/cli/cli.h \
	src/cli/export.c \
	src/cli/help.c src/cli/help.h \
	src/cli/history.c \
	src/cli/json.c src/cli/json.h \
	src/cli/list.c \
	src/cli/options.c src/cli/options.def src/cli/options.h \
	src/cli/print.c src/cli/print.h \
	src/cli/progress.c src/cli/progress.h \
	src/cli/usage.c src/cli/usage.h \
	src/cli/verbs.c src/cli/verbs.def src/cli/verbs.h \
	src/cli/verify.c
