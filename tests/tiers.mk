# The tests that "make check" does not run: they need a corpus, a whole Debian root, or
# QEMU; and what the scripts need to be run from a tarball.

EXTRA_DIST += .ci/run .clang-format .editorconfig scripts/build scripts/deps scripts/test scripts/try \
	tests/boot tests/debian

# Where the Debian root and the guest's disk are kept.
CACHE = .

.PHONY: check-corpus check-debian check-boot

# CORPUS=DIR: a directory with machines/ and tools/mkfake.py.
check-corpus: pciferry$(EXEEXT)
	@test -n "$(CORPUS)" || { echo "usage: make check-corpus CORPUS=DIR" >&2; exit 2; }
	$(srcdir)/tests/check-corpus.py --pciferry ./pciferry$(EXEEXT) $(CORPUS_FLAGS) "$(CORPUS)"

# Root, and what tests/debian/deps installs.
check-debian: pciferry$(EXEEXT) expand-host$(EXEEXT)
	$(srcdir)/tests/debian/run --pciferry ./pciferry$(EXEEXT) \
		--expand-host ./expand-host$(EXEEXT) --cache "$(CACHE)"

# Root, and what tests/boot/deps installs. ALL=1: every scenario; SCENARIOS="A B": these.
check-boot: pciferry$(EXEEXT)
	$(srcdir)/tests/boot/run --pciferry ./pciferry$(EXEEXT) --cache "$(CACHE)" \
		$${ALL:+--all} $(SCENARIOS)
