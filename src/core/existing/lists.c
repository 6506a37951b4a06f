// SPDX-License-Identifier: GPL-2.0-or-later
/* The user's lists of modules: lines there that do not do what they look like. */
#include "core/existing/lists.h"
#include "core/format/modlist.h"
#include "core/host/module.h"
#include "core/existing/existing.h"

void existing_watch_lists(struct watches *watches)
{
	static const struct watched files[] = {
		{ .path = "/etc/initramfs-tools/modules" },
		{ .path = "/etc/modules" },
		{ .path = "/etc/modules-load.d/", .suffix = ".conf" },
		{ 0 },
	};

	watch(watches, files);
}

/* Which files are lists of modules; those that systemd reads hold names only. Debian has
 * /etc/modules in modules-load.d as a link. */
static bool is_list(const struct file *f, bool *ret_systemd)
{
	if (f->link)
		return *ret_systemd = false;
	*ret_systemd =
		streq(f->path, "/etc/modules") || strstr(f->path, "/modules-load.d/");
	return *ret_systemd || streq(f->path, "/etc/initramfs-tools/modules");
}

static bool is_command(const char *word)
{
	static const char *const commands[] = { "options", "softdep", "alias",
		"blacklist", "install", "remove" };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (streq(word, commands[i]))
			return true;
	return false;
}

/* Whether no kernel here has the module; false where none is known. */
static bool is_gone(const struct draft *draft, const char *module)
{
	bool known = false;

	for (size_t i = 0; i < draft->host->n_kernels; i++) {
		struct module_index *modules = draft->host->kernels[i].modules;

		known |= modules != NULL;
		if (modules && module_place(modules, module) != MODULE_MISSING)
			return false;
	}
	return known;
}

/* What becomes of a line that does nothing. */
static const char *fate(const struct draft *draft)
{
	return draft->request->clean ? "It is taken out." : "It is left as it is.";
}

/* Whether the line does nothing. */
static bool tell_line(struct draft *draft, const struct modprobe_line *l, bool systemd)
{
	const char *word = l->tokens[0];

	if (is_command(word) && l->tokens[1]) {
		draft_finding(draft, FINDING_INFO, FOUND_MISPLACED, NULL,
			"%s:%zu: a line of \"%s\" has no effect here, where modules are listed: its place is a file of /etc/modprobe.d. %s",
			l->path, l->line, word, fate(draft));
		return true;
	}
	if (module_name_equal(word, "vfio-virqfd") && is_gone(draft, "vfio_virqfd")) {
		draft_finding(draft, FINDING_INFO, FOUND_FOLKLORE, NULL,
			"%s:%zu: %s does nothing: no kernel here has that module, it is a part of vfio since Linux 6.2. %s",
			l->path, l->line, word, fate(draft));
		return true;
	}
	if (systemd && after_prefix(word, "vfio") && l->tokens[1])
		draft_finding(draft, FINDING_WARNING, FOUND_MODULE_ARGUMENTS, NULL,
			"%s:%zu: systemd loads no module from a line with arguments: options go into a file of /etc/modprobe.d.",
			l->path, l->line);
	return false;
}

static void tell_list(struct draft *draft, const struct file *f, bool systemd)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	autofree char *text = f->text ? xstrdup(f->text) : NULL;

	module_list_read(f->path, f->text, &lines);
	for (size_t i = lines.n; i-- > 0;) /* from the end: numbers stay right */
		if (tell_line(draft, &lines.list[i], systemd) && draft->request->clean)
			module_list_drop(text, lines.list[i].line);
	draft_change(draft, f->path, text, "lines that do nothing go");
}

void existing_tell_lists(struct draft *draft)
{
	for (size_t i = 0; i < draft->host->n_files; i++) {
		const struct file *f = &draft->host->files[i];
		bool systemd;

		if (is_list(f, &systemd) && path_is_users(f->path))
			tell_list(draft, f, systemd);
	}
}
