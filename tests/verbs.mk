# Tests of what changes a host, of the verbs, and of the layers.

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-apply-undo
TESTS += tests/unit/test-apply-undo
tests_unit_test_apply_undo_LDADD = libtest.a libsample.a $(BACKUP_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
endif

# The layers.
dist_check_SCRIPTS += tests/check-layers.sh
TESTS += tests/check-layers.sh

# The verbs.
dist_check_SCRIPTS += tests/cli/verbs-test
TESTS += tests/cli/verbs-test
