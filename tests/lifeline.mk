# Lifelines: the chains of fake hosts (make check), and stacks that this kernel really makes
# (make check-stacks: root, a network namespace, loop devices).

EXTRA_DIST += tests/stacks/run

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test-chains
TESTS += tests/unit/test-chains
tests_unit_test_chains_LDADD = $(core_test_libs)
endif

EXTRA_PROGRAMS = lifeline-walk
lifeline_walk_SOURCES = tests/stacks/walk.c
lifeline_walk_LDADD = $(CORE_LIBS)

.PHONY: check-stacks
check-stacks: pciferry$(EXEEXT) lifeline-walk$(EXEEXT)
	$(srcdir)/tests/stacks/run --walk ./lifeline-walk$(EXEEXT) --pciferry ./pciferry$(EXEEXT)
