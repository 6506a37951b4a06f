# libui.a: the wizard. Curses is here, and only in term.c.

noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
libui_a_SOURCES = \
	src/ui/cell.c src/ui/cell.h \
	src/ui/changes.c src/ui/changes.h \
	src/ui/choices.c src/ui/choices.h \
	src/ui/details.c src/ui/details.h \
	src/ui/frame.c src/ui/frame.h \
	src/ui/keys.c src/ui/keys.def src/ui/keys.h \
	src/ui/methods.c src/ui/methods.h \
	src/ui/names.c src/ui/names.h \
	src/ui/page.h src/ui/pages.def \
	src/ui/page_apply.c src/ui/page_apply.h \
	src/ui/page_bind.c \
	src/ui/page_check.c \
	src/ui/page_details.c \
	src/ui/page_diff.c \
	src/ui/page_export.c src/ui/page_export.h \
	src/ui/page_help.c \
	src/ui/page_history.c \
	src/ui/page_next.c \
	src/ui/page_plan.c \
	src/ui/page_resume.c \
	src/ui/page_tree.c \
	src/ui/page_undo.c \
	src/ui/page_verify.c \
	src/ui/pager.c src/ui/pager.h \
	src/ui/prompt.c src/ui/prompt.h \
	src/ui/roles.def \
	src/ui/script.c src/ui/script.h \
	src/ui/session.c src/ui/session.h \
	src/ui/set_words.c src/ui/set_words.h \
	src/ui/styled.c src/ui/styled.h \
	src/ui/signals.c src/ui/signals.h \
	src/ui/term.c src/ui/term.h \
	src/ui/text_page.c src/ui/text_page.h \
	src/ui/tree.c src/ui/tree.h \
	src/ui/tree_draw.c src/ui/tree_draw.h \
	src/ui/wizard.c src/ui/wizard.h \
	src/ui/worker.c src/ui/worker.h

# The manual's list of keys.
noinst_PROGRAMS += mankeys
mankeys_SOURCES = doc/mankeys.c src/ui/keys.c src/ui/keys.def src/ui/keys.h

# Its tests: parts of it, scripted keys and whole screens, a real terminal.
dist_check_SCRIPTS += tests/ui/run tests/ui/tmux-test
TESTS += tests/ui/run tests/ui/tmux-test
EXTRA_DIST += tests/ui/frames.awk tests/ui/screens scripts/picture doc/wizard.svg

if HAVE_CMOCKA
check_PROGRAMS += tests/ui/test-ui
tests_ui_test_ui_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_ui_SOURCES = tests/ui/test-ui.c
tests_ui_test_ui_LDADD = libui.a $(BACKUP_LIBS) $(CORE_LIBS) $(NCURSES_LIBS) $(CMOCKA_LIBS)
TESTS += tests/ui/test-ui
endif
