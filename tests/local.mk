# Tests: units of core and backup against real trees, the verbs, the layers, the fuzzers'
# corpora. What needs an emulator or a whole Debian is in tests/boot and tests/debian.

AM_TESTS_ENVIRONMENT = \
	PCIFERRY='$(abs_top_builddir)/pciferry'; export PCIFERRY; \
	EXPAND_HOST='$(abs_top_builddir)/expand-host'; export EXPAND_HOST; \
	LSAN_OPTIONS='suppressions=$(abs_top_srcdir)/tests/lsan.supp:print_suppressions=0'; \
	export LSAN_OPTIONS;
EXTRA_DIST += tests/lsan.supp

# The verbs. What takes longest comes first, so that nothing is left to wait for alone.
dist_check_SCRIPTS += tests/cli/run
TESTS += tests/cli/run
# Sets of earlier versions.
dist_check_SCRIPTS += tests/sets/run
TESTS += tests/sets/run
EXTRA_DIST += tests/sets/format-1

if HAVE_CMOCKA
check_LIBRARIES += libtest.a
libtest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) -DTESTS_DIR='"$(abs_top_srcdir)/tests"'
libtest_a_SOURCES = \
	tests/unit/little.c tests/unit/little.h \
	tests/unit/strike.c tests/unit/strike.h \
	tests/unit/rows.c tests/unit/rows.h \
	tests/unit/support.c tests/unit/support.h

# Core's tests link neither backup nor curses: a call that points up is a link error.
core_tests = \
	tests/unit/test-access \
	tests/unit/test-array \
	tests/unit/test-base \
	tests/unit/test-bind \
	tests/unit/test-block \
	tests/unit/test-cases \
	tests/unit/test-check \
	tests/unit/test-claims \
	tests/unit/test-details \
	tests/unit/test-device \
	tests/unit/test-doors \
	tests/unit/test-export \
	tests/unit/test-forecast \
	tests/unit/test-edit \
	tests/unit/test-group \
	tests/unit/test-hostfile \
	tests/unit/test-initramfs \
	tests/unit/test-lifeline \
	tests/unit/test-method \
	tests/unit/test-entries \
	tests/unit/test-loader \
	tests/unit/test-modprobe \
	tests/unit/test-plan \
	tests/unit/test-rename \
	tests/unit/test-root \
	tests/unit/test-scan \
	tests/unit/test-script \
	tests/unit/test-shell \
	tests/unit/test-text \
	tests/unit/test-verify \
	tests/unit/test-vfs \
	tests/unit/test-kargs
core_test_libs = libtest.a libsample.a libassets.a $(CORE_LIBS) $(CMOCKA_LIBS)

# Those of backup run as root, on a disk and in mount namespaces of their own.
backup_tests = \
	tests/unit/test-apply \
	tests/unit/test-sysfs \
	tests/unit/test-crash \
	tests/unit/test-cycle \
	tests/unit/test-origin \
	tests/unit/test-merge \
	tests/unit/test-artifact \
	tests/unit/test-prune \
	tests/unit/test-random \
	tests/unit/test-restore \
	tests/unit/test-set \
	tests/unit/test-space
backup_test_libs = libtest.a libsample.a $(BACKUP_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)

tests_unit_test_apply_LDADD = $(backup_test_libs)
tests_unit_test_sysfs_LDADD = $(backup_test_libs)
tests_unit_test_crash_LDADD = $(backup_test_libs)
tests_unit_test_cycle_LDADD = $(backup_test_libs)
tests_unit_test_origin_LDADD = $(backup_test_libs)
tests_unit_test_merge_LDADD = $(backup_test_libs)
tests_unit_test_artifact_LDADD = $(backup_test_libs)
tests_unit_test_prune_LDADD = $(backup_test_libs)
tests_unit_test_random_LDADD = $(backup_test_libs)
tests_unit_test_restore_LDADD = $(backup_test_libs)
tests_unit_test_set_LDADD = $(backup_test_libs)
tests_unit_test_space_LDADD = $(backup_test_libs)

tests_unit_test_access_LDADD = $(core_test_libs)
tests_unit_test_array_LDADD = $(core_test_libs)
tests_unit_test_base_LDADD = $(core_test_libs)
tests_unit_test_bind_LDADD = $(core_test_libs)
tests_unit_test_block_LDADD = $(core_test_libs)
tests_unit_test_cases_LDADD = $(core_test_libs)
tests_unit_test_check_LDADD = $(core_test_libs)
tests_unit_test_claims_LDADD = $(core_test_libs)
tests_unit_test_details_LDADD = $(core_test_libs)
tests_unit_test_device_LDADD = $(core_test_libs)
tests_unit_test_doors_LDADD = $(core_test_libs)
tests_unit_test_edit_LDADD = $(core_test_libs)
tests_unit_test_hostfile_LDADD = $(core_test_libs)
tests_unit_test_initramfs_LDADD = $(core_test_libs)
tests_unit_test_method_LDADD = $(core_test_libs)
tests_unit_test_modprobe_LDADD = $(core_test_libs)
tests_unit_test_export_LDADD = $(core_test_libs)
tests_unit_test_forecast_LDADD = $(core_test_libs)
tests_unit_test_group_LDADD = $(core_test_libs)
tests_unit_test_lifeline_LDADD = $(core_test_libs)
tests_unit_test_entries_LDADD = $(core_test_libs)
tests_unit_test_loader_LDADD = $(core_test_libs)
tests_unit_test_plan_LDADD = $(core_test_libs)
tests_unit_test_rename_LDADD = $(core_test_libs)
tests_unit_test_root_LDADD = $(core_test_libs)
tests_unit_test_scan_LDADD = $(core_test_libs)
tests_unit_test_script_LDADD = $(core_test_libs)
tests_unit_test_shell_LDADD = $(core_test_libs)
tests_unit_test_text_LDADD = $(core_test_libs)
tests_unit_test_verify_LDADD = $(core_test_libs)
tests_unit_test_vfs_LDADD = $(core_test_libs)
tests_unit_test_kargs_LDADD = $(core_test_libs)

check_PROGRAMS += $(core_tests) $(backup_tests)
TESTS += $(backup_tests) $(core_tests)
else
check-local:
	@echo "cmocka is missing: the unit tests were not built" >&2; exit 1
endif

# The fuzz targets, as plain programs that replay their corpora; "make fuzz" fuzzes.
fuzz_targets = \
	tests/fuzz/fuzz-array \
	tests/fuzz/fuzz-assign \
	tests/fuzz/fuzz-block \
	tests/fuzz/fuzz-capabilities \
	tests/fuzz/fuzz-claims \
	tests/fuzz/fuzz-cmdlines \
	tests/fuzz/fuzz-commas \
	tests/fuzz/fuzz-hostfile \
	tests/fuzz/fuzz-iort \
	tests/fuzz/fuzz-jsonlist \
	tests/fuzz/fuzz-ifname \
	tests/fuzz/fuzz-manifest \
	tests/fuzz/fuzz-modprobe \
	tests/fuzz/fuzz-script \
	tests/fuzz/fuzz-shell \
	tests/fuzz/fuzz-token \
	tests/fuzz/fuzz-udev
check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)
check_LIBRARIES += libreplay.a
libreplay_a_CPPFLAGS = $(AM_CPPFLAGS) -DTESTS_DIR='"$(abs_top_srcdir)/tests"'
libreplay_a_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz.h
# What has no LDADD of its own is a fuzz target: a new one is a line above and its corpus.
LDADD = libreplay.a libsample.a $(BACKUP_LIBS) $(CORE_LIBS)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run

FUZZ_SECONDS = 60
.PHONY: fuzz
fuzz:
	$(srcdir)/tests/fuzz/run $(FUZZ_SECONDS)

# The layers, by includes and by calls.
dist_check_SCRIPTS += tests/check-layers.sh
TESTS += tests/check-layers.sh
