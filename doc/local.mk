# The manual page, with the wizard's own list of keys in it, and the completions.

man8_MANS = doc/pciferry.8
dist_bashcompletion_DATA = doc/completion/pciferry
EXTRA_DIST += doc/pciferry.8.in README.md HACKING.md NEWS.md
CLEANFILES += doc/pciferry.8 doc/keys

doc/keys: mankeys$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./mankeys$(EXEEXT) >$@.tmp && mv $@.tmp $@
doc/pciferry.8: doc/pciferry.8.in doc/keys Makefile
	$(AM_V_GEN)sed -e '/^@KEYS@$$/{' -e 'r doc/keys' -e 'd' -e '}' \
		-e 's/[@]VERSION@/$(PACKAGE_VERSION)/' $(srcdir)/doc/pciferry.8.in >$@.tmp && mv $@.tmp $@

# Those of zsh and fish have what the program's tables know: a line @PART@ becomes what
# "completions PART" prints.
noinst_PROGRAMS += completions
completions_SOURCES = doc/completions.c
completions_LDADD = libcli.a libui.a libsample.a $(BACKUP_LIBS) $(CORE_LIBS) $(NCURSES_LIBS)
zshcompletion_DATA = doc/completion/_pciferry
fishcompletion_DATA = doc/completion/pciferry.fish
EXTRA_DIST += doc/completion/_pciferry.in doc/completion/pciferry.fish.in
CLEANFILES += $(zshcompletion_DATA) $(fishcompletion_DATA)

$(zshcompletion_DATA) $(fishcompletion_DATA): %: %.in completions$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc/completion && awk '/^@[a-z-]*@$$/ { \
		gsub("@", ""); fflush(); if (system("./completions$(EXEEXT) " $$0)) exit 1; \
		next } { print }' $< >$@.tmp && mv $@.tmp $@

dist_check_SCRIPTS += tests/check-docs.sh
TESTS += tests/check-docs.sh
dist_check_SCRIPTS += tests/check-completions.sh
TESTS += tests/check-completions.sh
