# The manual page, with the wizard's own list of keys in it, and the bash completion.

man8_MANS = doc/pciferry.8
dist_bashcompletion_DATA = doc/completion/pciferry
EXTRA_DIST += doc/pciferry.8.in README.md HACKING.md NEWS.md
CLEANFILES += doc/pciferry.8 doc/keys

doc/keys: mankeys$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./mankeys$(EXEEXT) >$@.tmp && mv $@.tmp $@
doc/pciferry.8: doc/pciferry.8.in doc/keys Makefile
	$(AM_V_GEN)sed -e '/^@KEYS@$$/{' -e 'r doc/keys' -e 'd' -e '}' \
		-e 's/[@]VERSION@/$(PACKAGE_VERSION)/' $(srcdir)/doc/pciferry.8.in >$@.tmp && mv $@.tmp $@

dist_check_SCRIPTS += tests/check-docs.sh
TESTS += tests/check-docs.sh
