# Lifelines: the chains of fake hosts (make check), and stacks that this kernel really makes
# (make check-stacks: root, a network namespace, loop devices).

LIFELINE_HOSTS = \
	tests/hosts/lifeline-bridge.host \
	tests/hosts/lifeline-display.host \
	tests/hosts/lifeline-guest.host \
	tests/hosts/lifeline-keyboard.host \
	tests/hosts/lifeline-live.host \
	tests/hosts/lifeline-members.host \
	tests/hosts/lifeline-netroot.host \
	tests/hosts/lifeline-nvme-multipath.host \
	tests/hosts/lifeline-session.host \
	tests/hosts/lifeline-stack.host \
	tests/hosts/lifeline-vpn.host \
	tests/hosts/lifeline-zfs.host
EXTRA_DIST += $(LIFELINE_HOSTS) tests/stacks/run

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
