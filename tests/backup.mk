# Tests of what changes a host: backup, without the wizard or the verbs.

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-apply-undo
TESTS += tests/unit/test-apply-undo
tests_unit_test_apply_undo_LDADD = libtest.a libsample.a $(BACKUP_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
endif
