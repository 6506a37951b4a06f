# What a host gets: how the binary is built, and the package.

check_PROGRAMS += tests/hardening
tests_hardening_LDADD =
dist_check_SCRIPTS += tests/check-hardening.sh
TESTS += tests/check-hardening.sh
AM_TESTS_ENVIRONMENT += \
	CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' \
	SANITIZE_FLAGS='$(SANITIZE_FLAGS)'; \
	export CC CPPFLAGS CFLAGS LDFLAGS SANITIZE_FLAGS;

# What a purge takes away, and the package itself: make check-package, as root, and with what
# tests/package/deps installs.
dist_check_SCRIPTS += tests/check-purge.sh
TESTS += tests/check-purge.sh
EXTRA_DIST += debian scripts/package tests/package SECURITY.md CONTRIBUTING.md

.PHONY: check-package
check-package:
	$(srcdir)/tests/package/run --cache "$(CACHE)"
