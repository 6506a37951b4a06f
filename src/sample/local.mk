# libsample.a: host files, the sample host of --demo. libassets.a: the texts of assets/,
# compiled in. expand-host: host files for scripts and tests.

# Every text that is compiled in; scripts/embed.sh makes C of them.
ASSETS = \
	assets/early-boot.sh \
	assets/restore.sh \
	assets/sample/debian12.host \
	assets/sample/desktop.host \
	assets/sample/grub-mkconfig \
	assets/sample/lsinitramfs \
	assets/sample/pci.ids \
	assets/sample/update-grub \
	assets/sample/update-initramfs
EXTRA_DIST += $(ASSETS) scripts/embed.sh
BUILT_SOURCES += src/assets.h
CLEANFILES += src/assets.c src/assets.h

EMBED = $(SHELL) $(top_srcdir)/scripts/embed.sh
embed_deps = $(ASSETS) scripts/embed.sh src/sample/local.mk
src/assets.h: $(embed_deps)
	$(AM_V_GEN)$(MKDIR_P) src && $(EMBED) header $(top_srcdir) $(ASSETS) >$@.tmp && mv $@.tmp $@
src/assets.c: $(embed_deps)
	$(AM_V_GEN)$(MKDIR_P) src && $(EMBED) source $(top_srcdir) $(ASSETS) >$@.tmp && mv $@.tmp $@

noinst_LIBRARIES += libassets.a libsample.a
nodist_libassets_a_SOURCES = src/assets.c src/assets.h
libsample_a_SOURCES = \
	src/sample/expand.c src/sample/expand.h \
	src/sample/hostfile.c src/sample/hostfile.h \
	src/sample/modules.c src/sample/modules.h \
	src/sample/pciconfig.c src/sample/pciconfig.h \
	src/sample/pcitree.c src/sample/pcitree.h \
	src/sample/sample.c src/sample/sample.h \
	src/sample/sysfs.c src/sample/sysfs.h \
	src/sample/tree.c src/sample/tree.h
SAMPLE_LIBS = libsample.a libassets.a libcore.a

noinst_PROGRAMS += expand-host
expand_host_SOURCES = tests/hosts/expand.c
expand_host_LDADD = $(SAMPLE_LIBS)

# The shell that copies the files expands the pattern.
EXTRA_DIST += tests/check-corpus.py $(srcdir)/tests/hosts/*.host
