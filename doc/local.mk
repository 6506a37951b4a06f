# The manual page, with the wizard's own list of keys in it, and the completions: filled in
# from the tables of verbs and options (words, completions).

man8_MANS = doc/pciferry.8
nodist_bashcompletion_DATA = doc/completion/pciferry
EXTRA_DIST += doc/pciferry.8.in doc/completion/pciferry.in doc/fill.awk
EXTRA_DIST += README.md HACKING.md NEWS.md
CLEANFILES += doc/pciferry.8 doc/keys doc/words doc/completion/pciferry

# What can be typed, a line a word; doc/words.c has its form.
noinst_PROGRAMS += words
words_SOURCES = doc/words.c
words_LDADD = $(CORE_LIBS)

doc/keys: mankeys$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./mankeys$(EXEEXT) >$@.tmp && mv $@.tmp $@
doc/words: words$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./words$(EXEEXT) >$@.tmp && mv $@.tmp $@
doc/pciferry.8: doc/pciferry.8.in doc/fill.awk doc/keys doc/words Makefile
	$(AM_V_GEN)$(AWK) -f $(srcdir)/doc/fill.awk doc/words $(srcdir)/doc/pciferry.8.in >$@.filled && \
		sed -e '/^@KEYS@$$/{' -e 'r doc/keys' -e 'd' -e '}' \
		-e 's/[@]VERSION@/$(PACKAGE_VERSION)/' $@.filled >$@.tmp && rm $@.filled && mv $@.tmp $@
doc/completion/pciferry: doc/completion/pciferry.in doc/fill.awk doc/words
	$(AM_V_GEN)$(MKDIR_P) doc/completion && \
		$(AWK) -f $(srcdir)/doc/fill.awk doc/words $(srcdir)/doc/completion/pciferry.in >$@.tmp && mv $@.tmp $@

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
