# The tests that "make check" does not run: they need a corpus, a whole Debian root, or
# QEMU; and what the scripts need to be run from a tarball.

EXTRA_DIST += .ci/run .clang-format .editorconfig scripts/build scripts/deps scripts/test scripts/try \
	tests/boot tests/debian tests/environments

# Where the Debian root and the guest's disk are kept.
CACHE = .

.PHONY: check-corpus check-debian check-boot

# CORPUS=DIR: a directory with machines/ and tools/mkfake.py, configs/ and its INDEX.tsv.
EXTRA_PROGRAMS += tests/edit-file
CLEANFILES += tests/edit-file$(EXEEXT)
check-corpus: pciferry$(EXEEXT) tests/edit-file$(EXEEXT)
	@test -n "$(CORPUS)" || { echo "usage: make check-corpus CORPUS=DIR" >&2; exit 2; }
	$(srcdir)/tests/check-corpus.py --pciferry ./pciferry$(EXEEXT) \
		--edit-file tests/edit-file$(EXEEXT) $(CORPUS_FLAGS) "$(CORPUS)"

# Root, and what tests/debian/deps installs. They can run side by side, with -j, the longest
# first; two share a root, which is made once.
debian_checks = check-debian-strike check-debian-run check-debian-dracut check-debian-loaders
.PHONY: debian-root $(debian_checks)
check-debian: $(debian_checks)
check-debian-run check-debian-strike: debian-root
debian-root:
	$(srcdir)/tests/debian/root "$(CACHE)"
$(debian_checks): pciferry$(EXEEXT) expand-host$(EXEEXT)
	$(srcdir)/tests/debian/$(@:check-debian-%=%) --pciferry ./pciferry$(EXEEXT) \
		--expand-host ./expand-host$(EXEEXT) --cache "$(CACHE)"

# Root, and what tests/debian/deps installs. One of Debian 12, 13 and sid, another each day;
# ALL=1: all three; SUITES="sid": these.
.PHONY: check-environments
check-environments:
	$(srcdir)/tests/environments/run --cache "$(CACHE)" $${ALL:+--all} $(SUITES)

# What runs in the guests beside pciferry.
check_PROGRAMS += tests/boot/vfio-use

# Root, and what tests/boot/deps installs. ALL=1: every scenario in every variant of the guest
# it is meant for; SCENARIOS="twin alias/dracut": these. GUESTS: how many at a time. BOOT_SECONDS:
# when no further one is begun.
GUESTS = 2
BOOT_SECONDS = 86400
check-boot: pciferry$(EXEEXT) tests/boot/vfio-use$(EXEEXT) lifeline-walk$(EXEEXT)
	$(srcdir)/tests/boot/run --pciferry ./pciferry$(EXEEXT) \
		--vfio-use tests/boot/vfio-use$(EXEEXT) \
		--walk ./lifeline-walk$(EXEEXT) --cache "$(CACHE)" --guests $(GUESTS) \
		--seconds $(BOOT_SECONDS) $${ALL:+--all} $(SCENARIOS)
