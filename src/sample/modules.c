// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The directives for kernels: boot/, lib/modules/RELEASE and what libkmod reads there.
 * Modules are the smallest ELF files that depmod(8) takes: its section .modinfo holds the
 * aliases; dependencies follow from symbols (kmod's libkmod/libkmod-elf.c), so each
 * module exports one symbol, its own name, and wants those of the modules it depends on.
 */
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "sample/modules.h"

#include <elf.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

int expand_kernel(struct expander *x, char **words)
{
	static const char *const lists[] = { "order", "builtin", "builtin.modinfo" };
	const char *release = words[1];
	autofree char *dir = text_printf("lib/modules/%s", release);
	autofree char *image = text_printf("vmlinuz-%s", release);
	int r = 0;

	strv_add(&x->kernels, release);
	if (strchr(release, '/') || streq(release, ".") || streq(release, ".."))
		return expand_bad(x, "%s is no kernel release.", release);
	if (words[2] && !streq(words[2], "running"))
		return expand_bad(
			x, "%s: only running may follow the release.", words[2]);
	if (words[2]) {
		free(x->running);
		x->running = xstrdup(release);
		r = expand_put(x, "proc/sys/kernel", "osrelease", 0444, "%s\n", release);
	}
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(lists); i++) {
		autofree char *name = text_printf("modules.%s", lists[i]);

		r = expand_put(x, dir, name, 0644, "%s", "");
	}
	return r < 0 ? r
		     : expand_put(x, "boot", image, 0644,
			       "a kernel's place, not a kernel\n");
}

static int append(struct expander *x, const char *path, const char *data, size_t len)
{
	return expand_errno(
		x, tree_write(x->root, path, TREE_APPEND, 0644, data, len), path);
}

static int check_release(struct expander *x, const char *release)
{
	if (strv_has(x->kernels, release))
		return 0;
	return expand_bad(x, "%s: no kernel line before this one says so.", release);
}

int expand_config(struct expander *x, char **words)
{
	autofree char *path = text_printf("boot/config-%s", words[1]), *text = NULL;
	autobuf struct buf b = { 0 };
	int r = check_release(x, words[1]);

	for (char **word = words + 2; r == 0 && *word; word++) {
		size_t n = strcspn(*word, "=");

		if (!after_prefix(*word, "CONFIG_") || !(*word)[n])
			return expand_bad(x, "%s: CONFIG_X=V is needed.", *word);
		if (streq(*word + n, "=n"))
			buf_printf(&b, "# %.*s is not set\n", (int)n, *word);
		else
			buf_printf(&b, "%s\n", *word);
	}
	if (r < 0)
		return r;
	text = buf_take(&b);
	return append(x, path, text, strlen(text));
}

/* A module's line, read. */
struct module_line {
	const char *path; /* "drivers/vfio/pci/vfio-pci" */
	char *name; /* "vfio_pci" */
	char **depends, **aliases;
	const char *softdep;
	bool builtin;
};

static void module_line_done(struct module_line *m)
{
	free(m->name);
	strv_free(m->depends);
	strv_free(m->aliases);
}

char *expand_underscored(const char *name)
{
	char *copy = xstrdup(name);

	for (char *p = copy; *p; p++)
		if (*p == '-')
			*p = '_';
	return copy;
}

static int parse_module(struct expander *x, char **words, struct module_line *m)
{
	const char *depends = expand_value(words, "depends"),
		   *slash = strrchr(words[2], '/');
	int r = expand_check_path(x, words[2]);

	if (r < 0)
		return r;
	m->path = words[2];
	m->name = expand_underscored(slash ? slash + 1 : words[2]);
	m->softdep = expand_value(words, "softdep");
	if (depends)
		m->depends = strv_split(depends, ",");
	for (char **word = words + 3; *word; word++) {
		if (streq(*word, "builtin"))
			m->builtin = true;
		else if (after_prefix(*word, "depends=") ||
			 after_prefix(*word, "softdep="))
			continue;
		else if (!strchr(*word, ':') && !strchr(*word, '-'))
			return expand_bad(
				x, "%s looks like no alias of a module.", *word);
		else
			strv_add(&m->aliases, *word);
	}
	return 0;
}

/* One "key=value" of .modinfo, or of modules.builtin.modinfo, with its NUL. */
static void add_modinfo(
	struct buf *b, const struct module_line *m, const char *key, const char *value)
{
	buf_printf(b, "%s%s%s=%s", m->builtin ? m->name : "", m->builtin ? "." : "", key,
		value);
	buf_add(b, "", 1);
}

static void put_modinfo(struct buf *b, const struct module_line *m)
{
	autofree char *depends = strv_join(m->depends, ",");

	add_modinfo(b, m, "license", "GPL");
	strv_foreach (alias, m->aliases)
		add_modinfo(b, m, "alias", alias);
	if (m->softdep)
		add_modinfo(b, m, "softdep", m->softdep);
	if (m->builtin)
		return;
	add_modinfo(b, m, "depends", depends);
	add_modinfo(b, m, "name", m->name);
}

/* .symtab and .strtab: the null symbol, then one undefined for each dependency. */
static void put_symbols(
	struct buf *symtab, struct buf *strtab, const struct module_line *m)
{
	Elf64_Sym symbol = { 0 };

	buf_add(symtab, &symbol, sizeof(symbol));
	buf_add(strtab, "", 1);
	strv_foreach (dependency, m->depends) {
		autofree char *name = expand_underscored(dependency);

		symbol.st_name = (Elf64_Word)strtab->len;
		symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
		buf_add(symtab, &symbol, sizeof(symbol));
		buf_add(strtab, name, strlen(name) + 1);
	}
}

enum { S_NULL, S_MODINFO, S_EXPORTS, S_SYMTAB, S_STRTAB, S_NAMES, S_COUNT };

static const struct {
	const char *name;
	Elf64_Word type, link;
	Elf64_Xword entry;
} sections[S_COUNT] = {
	[S_NULL] = { "", SHT_NULL, 0, 0 },
	[S_MODINFO] = { ".modinfo", SHT_PROGBITS, 0, 0 },
	[S_EXPORTS] = { "__ksymtab_strings", SHT_PROGBITS, 0, 0 },
	[S_SYMTAB] = { ".symtab", SHT_SYMTAB, S_STRTAB, sizeof(Elf64_Sym) },
	[S_STRTAB] = { ".strtab", SHT_STRTAB, 0, 0 },
	[S_NAMES] = { ".shstrtab", SHT_STRTAB, 0, 0 },
};

/* The file: header, the sections' contents, their headers. */
static void put_elf(struct buf *out, struct buf content[static S_COUNT])
{
	const uint16_t one = 1;
	Elf64_Shdr headers[S_COUNT] = { 0 };
	Elf64_Ehdr elf = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			*(const uint8_t *)&one ? ELFDATA2LSB : ELFDATA2MSB, EV_CURRENT },
		.e_type = ET_REL,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = S_COUNT,
		.e_shstrndx = S_NAMES,
		.e_shoff = sizeof(Elf64_Ehdr),
	};
	size_t at = sizeof(elf) + sizeof(headers);

	for (size_t i = 0; i < S_COUNT; i++) {
		headers[i].sh_name = (Elf64_Word)content[S_NAMES].len;
		buf_add(&content[S_NAMES], sections[i].name,
			strlen(sections[i].name) + 1);
	}
	for (size_t i = 1; i < S_COUNT; at += content[i++].len) {
		headers[i].sh_type = sections[i].type;
		headers[i].sh_link = sections[i].link;
		headers[i].sh_entsize = sections[i].entry;
		headers[i].sh_addralign = 1;
		headers[i].sh_offset = at;
		headers[i].sh_size = content[i].len;
	}
	buf_add(out, &elf, sizeof(elf));
	buf_add(out, headers, sizeof(headers));
	for (size_t i = 1; i < S_COUNT; i++)
		buf_add(out, content[i].s, content[i].len);
}

static int write_module(struct expander *x, const char *dir, const struct module_line *m)
{
	autofree char *path = text_printf("%s/kernel/%s.ko", dir, m->path);
	struct buf content[S_COUNT] = { { 0 } };
	autobuf struct buf elf = { 0 };

	put_modinfo(&content[S_MODINFO], m);
	buf_add(&content[S_EXPORTS], m->name, strlen(m->name) + 1);
	put_symbols(&content[S_SYMTAB], &content[S_STRTAB], m);
	put_elf(&elf, content);
	for (size_t i = 0; i < S_COUNT; i++)
		buf_done(&content[i]);
	return expand_errno(
		x, tree_write(x->root, path, TREE_REPLACE, 0644, elf.s, elf.len), path);
}

static int append_list(struct expander *x, const char *dir, const char *name,
	const struct module_line *m)
{
	autofree char *list = text_printf("%s/modules.%s", dir, name);
	autofree char *line = text_printf("kernel/%s.ko\n", m->path);

	return append(x, list, line, strlen(line));
}

static int add_builtin(struct expander *x, const char *dir, const struct module_line *m)
{
	autofree char *path = text_printf("%s/modules.builtin.modinfo", dir);
	autobuf struct buf info = { 0 };
	int r = append_list(x, dir, "builtin", m);

	if (r < 0)
		return r;
	put_modinfo(&info, m);
	return append(x, path, info.s, info.len);
}

static void remember_module(
	struct expander *x, const char *release, const struct module_line *m)
{
	struct expanded_module *e;

	GROW(x->modules, x->n_modules);
	e = &x->modules[x->n_modules++];
	e->release = xstrdup(release);
	e->name = xstrdup(m->name);
	e->builtin = m->builtin;
}

static int add_module(
	struct expander *x, const char *release, const struct module_line *m)
{
	autofree char *dir = text_printf("lib/modules/%s", release);
	int r;

	remember_module(x, release, m);
	if (m->builtin)
		return add_builtin(x, dir, m);
	r = append_list(x, dir, "order", m);
	return r < 0 ? r : write_module(x, dir, m);
}

int expand_module(struct expander *x, char **words)
{
	CLEANUP(module_line_done) struct module_line m = { 0 };
	bool all = streq(words[1], "*");
	int r = parse_module(x, words, &m);

	if (r == 0 && !all)
		r = check_release(x, words[1]);
	if (r == 0 && all && !x->kernels)
		return expand_bad(x, "no kernel line stands before this one.");
	strv_foreach (release, x->kernels)
		if (r == 0 && (all || streq(release, words[1])))
			r = add_module(x, release, &m);
	return r;
}

/* Starts depmod in the tree, its complaints going to a pipe. */
static int spawn_depmod(struct expander *x, char *release, int errors, pid_t *ret)
{
	static const char *const programs[] = { "/sbin/depmod", "/usr/sbin/depmod" };
	char *argv[] = { (char[]){ "depmod" }, (char[]){ "-b" }, (char[]){ "." }, release,
		NULL };
	char *env[] = { (char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" },
		(char[]){ "LC_ALL=C" }, NULL };
	posix_spawn_file_actions_t actions;
	int r = posix_spawn_file_actions_init(&actions);

	r = r ?: posix_spawn_file_actions_addfchdir_np(&actions, root_fd(x->root));
	r = r ?: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	r = r ?: posix_spawn_file_actions_adddup2(&actions, errors, 1);
	r = r ?: posix_spawn_file_actions_adddup2(&actions, errors, 2);
	if (r) /* ENOMEM, as the descriptors are open */
		alloc_failed();
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		r = posix_spawn(ret, programs[i], &actions, NULL, argv, env);
		if (r != ENOENT)
			break;
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	if (r == ENOENT)
		return err_set(x->err, -ENOENT,
			"%s: depmod is missing: install the package kmod.", x->name);
	return r ? err_errno(x->err, -r, "%s: cannot run depmod", x->name) : 0;
}

/* All that comes out of a pipe, of which one line is kept. */
static void modules_read_line(int fd, char *line, size_t size)
{
	char chunk[512];
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n && len < size - 1; i++)
			line[len++] = chunk[i];
	line[len] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

static int run_depmod(struct expander *x, char *release)
{
	autoclose int out = -1, in = -1;
	char line[256];
	int ends[2], status = 0, r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(x->err, -errno, "%s: no pipe for depmod", x->name);
	out = ends[0];
	in = ends[1];
	r = spawn_depmod(x, release, in, &pid);
	if (r < 0)
		return r;
	(void)close(TAKE_FD(in));
	modules_read_line(out, line, sizeof(line));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(
				x->err, -errno, "%s: waiting for depmod", x->name);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return err_set(
		x->err, -EIO, "%s: depmod failed for %s: %s", x->name, release, line);
}

int modules_finish(struct expander *x)
{
	int r = 0;

	strv_foreach (release, x->kernels)
		if (r == 0)
			r = run_depmod(x, release);
	return r;
}
