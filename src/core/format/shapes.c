// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/shapes.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/format/condition.h"
#include "core/format/expand.h"
#include "core/format/modprobe.h"
#include "core/format/names.h"
#include "core/format/attribute.h"

#include <ctype.h>

const char *shape_program(const char *word)
{
	static const char *const dirs[] = { "/usr/local/sbin/", "/usr/local/bin/",
		"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (after_prefix(word, dirs[i]))
			return word + strlen(dirs[i]);
	return word;
}

bool shape_is_shell(const char *name)
{
	return streq(name, "sh") || streq(name, "bash") || streq(name, "dash") ||
	       streq(name, "ash");
}

size_t shape_wrappers(char *const *words)
{
	static const char *const wrappers[] = { "sudo", "exec", "command", "nohup", "env",
		"nice", "builtin", "busybox" };
	size_t n = 0;

	for (; words && words[n]; n++) {
		const char *name = shape_program(words[n]);
		bool is = false;

		for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++)
			is |= streq(name, wrappers[i]);
		if (!is && (n == 0 || *name != '-'))
			break;
	}
	return n;
}

/* -- what is not understood ---------------------------------------------------------- */

static void add_unclear(struct shape *s, const char *address, const char *id)
{
	struct act *act = acts_add(s->ret);

	*act = s->base;
	act->kind = ACT_UNCLEAR;
	act->address = address ? xstrdup(address) : NULL;
	act->id = id ? xstrdup(id) : NULL;
}

/* All that the command has: its words, where its output goes, what it is given. A
 * program's path is no such word: where it matters it was looked into. */
static char *whole(const struct shape *s)
{
	struct buf b = { 0 };

	strv_foreach (word, s->words + (s->words[0][0] == '/'))
		buf_printf(&b, "%s ", word);
	strv_foreach (out, s->outs)
		buf_printf(&b, " %s", out);
	buf_printf(&b, " %s", s->piped ?: "");
	return buf_take(&b);
}

static enum outcome unclear(struct shape *s)
{
	CLEANUP(names_done) struct names names = { 0 };
	autofree char *text = whole(s);

	names_find(text, &names);
	strv_foreach (address, names.addresses)
		add_unclear(s, address, NULL);
	strv_foreach (id, names.ids)
		add_unclear(s, NULL, id);
	if (names.matters && !names.addresses && !names.ids)
		add_unclear(s, NULL, NULL);
	return OUTCOME_UNKNOWN;
}

/* What is understood, but for whether it happens. */
static void settle(struct shape *s, size_t before)
{
	for (size_t i = before; s->doubtful && i < s->ret->n; i++)
		s->ret->list[i].kind = ACT_UNCLEAR;
}

/* -- echo, printf, tee --------------------------------------------------------------- */

/* Where output is nobody's business: the log, the console, files that do nothing. */
static bool is_idle(const char *path)
{
	static const char *const places[] = { "/dev/", "/proc/", "/tmp/", "/var/log/",
		"/var/tmp/", "/run/" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (after_prefix(path, places[i]))
			return !strstr(path, ".d/") && !strstr(path, "/systemd/");
	return false;
}

static enum outcome write_out(struct shape *s, const char *text)
{
	size_t before = s->ret->n;
	bool understood = true;

	strv_foreach (out, s->outs) {
		enum attribute_write w = WRITE_OTHER;

		if (is_idle(out))
			continue;
		if (text && strstr(out, "/sys/"))
			w = attribute_write(text, out, &s->base, s->ret);
		else if (*out != '/' || strstr(out, "/sys/") || text)
			w = WRITE_UNCLEAR;
		understood &= w != WRITE_UNCLEAR;
	}
	if (!understood)
		return unclear(s), OUTCOME_DONE;
	settle(s, before);
	return OUTCOME_DONE;
}

static enum outcome run_echo(struct shape *s)
{
	char **words = s->words + 1;
	char *text;

	while (*words && **words == '-' && strspn(*words + 1, "neE") &&
		!(*words)[1 + strspn(*words + 1, "neE")])
		words++;
	text = *words ? strv_join(words, " ") : xstrdup("");
	if (streq(text, "\\n")) /* echo -e "\n" */
		*text = '\0';
	s->prints = text;
	return write_out(s, text);
}

/* Formats of literal text and "%s". */
static enum outcome run_printf(struct shape *s)
{
	autobuf struct buf b = { 0 };
	char **args = s->words + 1;
	const char *format = *args ? *args++ : "";

	for (const char *c = format; *c; c++) {
		if (*c == '%' && c[1] == 's') {
			buf_puts(&b, *args ? *args++ : "");
			c++;
		} else if (*c == '\\' && c[1] == 'n') {
			buf_puts(&b, "\n");
			c++;
		} else {
			buf_add(&b, c, 1);
		}
	}
	s->prints = buf_take(&b);
	return write_out(s, s->prints);
}

static enum outcome run_tee(struct shape *s)
{
	if (s->piped)
		s->prints = xstrdup(s->piped);
	return write_out(s, s->piped);
}

/* -- programs ------------------------------------------------------------------------ */

static struct act *add(struct shape *s, enum act_kind kind)
{
	struct act *act = acts_add(s->ret);

	*act = s->base;
	act->kind = kind;
	return act;
}

static void add_load(struct shape *s, const char *module, const char *ids)
{
	autostrv char **list = ids ? strv_split(ids, ",") : NULL;

	add(s, ACT_LOAD)->driver = xstrdup(module);
	strv_foreach (word, list) {
		struct act *act;
		autofree char *id = names_id(word);

		if (!id)
			continue;
		act = add(s, ACT_LOAD);
		act->driver = xstrdup(module);
		act->id = TAKE(id);
	}
}

/* "modprobe [-i] vfio-pci [ids=...]"; other modules are nothing to us. */
static enum outcome run_modprobe(struct shape *s)
{
	size_t before = s->ret->n;
	bool all = false, removes = false;
	const char *module = NULL, *ids = NULL;

	strv_foreach (word, s->words + 1) {
		if (!is_known(word))
			return unclear(s), OUTCOME_DONE;
		if (*word == '-') {
			all |= streq(word, "-a") || streq(word, "--all");
			removes |= streq(word, "-r") || streq(word, "--remove");
		} else if (!module || all) {
			if (module_name_equal(word, "vfio-pci") || !module)
				module = word;
		} else {
			ids = after_prefix(word, "ids=") ?: ids;
		}
	}
	if (!module || !module_name_equal(module, "vfio-pci"))
		return OUTCOME_DONE;
	if (removes)
		return unclear(s), OUTCOME_DONE;
	add_load(s, "vfio-pci", ids);
	settle(s, before);
	return OUTCOME_DONE;
}

static enum outcome run_driverctl(struct shape *s)
{
	size_t before = s->ret->n;
	char **words = s->words + 1;
	autofree char *address = NULL;
	struct act *act;

	while (*words && **words == '-')
		words++;
	if (!*words || after_prefix(*words, "list-"))
		return OUTCOME_DONE;
	if (words[1])
		address = names_address(words[1], strlen(words[1]));
	if (!streq(*words, "set-override") || !address || !words[2] ||
		!is_known(words[2]))
		return unclear(s), OUTCOME_DONE;
	act = add(s, ACT_DETACH);
	act->address = TAKE(address);
	act->driver = xstrdup(words[2]);
	settle(s, before);
	return OUTCOME_DONE;
}

static enum outcome run_virsh(struct shape *s)
{
	size_t before = s->ret->n;
	char **words = s->words + 1;
	autofree char *address = NULL;
	struct act *act;
	bool back;

	while (*words && !after_prefix(*words, "nodedev-"))
		words++;
	if (!*words || !words[1])
		return OUTCOME_DONE;
	back = streq(*words, "nodedev-reattach");
	if (!back && !streq(*words, "nodedev-detach") &&
		!streq(*words, "nodedev-dettach"))
		return OUTCOME_DONE;
	address = names_address(words[1], strlen(words[1]));
	if (!address || back)
		return unclear(s), OUTCOME_DONE;
	act = add(s, ACT_DETACH);
	act->address = TAKE(address);
	act->driver = xstrdup("vfio-pci");
	settle(s, before);
	return OUTCOME_DONE;
}

/* Conditions have what they name in their words only. */
static enum outcome run_test(struct shape *s)
{
	return condition_of(s->words);
}

/* grep's answer is known of one question: whether vfio-pci is loaded, which it is not. */
static enum outcome run_grep(struct shape *s)
{
	autofree char *text = whole(s);

	if (s->outs && strstr(text, "/sys/"))
		return unclear(s);
	return strstr(text, "/proc/modules") || (s->piped && strstr(s->piped, "lsmod"))
		       ? OUTCOME_FALSE
		       : OUTCOME_UNKNOWN;
}

static enum outcome run_lsmod(struct shape *s)
{
	s->prints = xstrdup("lsmod");
	return OUTCOME_UNKNOWN;
}

/* They look, or say something. */
static enum outcome run_idle(struct shape *s)
{
	return s->outs ? write_out(s, NULL) : OUTCOME_UNKNOWN;
}

static enum outcome run_true(struct shape *s)
{
	return s->outs ? write_out(s, "") : OUTCOME_TRUE;
}

static enum outcome run_false(struct shape *s UNUSED)
{
	return OUTCOME_FALSE;
}

static const struct {
	const char *names; /* with blanks around each */
	enum outcome (*run)(struct shape *s);
} shapes[] = {
	{ " echo ", run_echo },
	{ " printf ", run_printf },
	{ " tee ", run_tee },
	{ " modprobe ", run_modprobe },
	{ " driverctl ", run_driverctl },
	{ " virsh ", run_virsh },
	{ " [ [[ test ", run_test },
	{ " grep egrep ", run_grep },
	{ " lsmod ", run_lsmod },
	{ " true : set sleep shift trap wait mkdir chmod chown chgrp udevadm logger "
	  "log_begin_msg log_end_msg log_success_msg log_failure_msg log_warning_msg info "
	  "warn vinfo notify-send ",
		run_true },
	{ " false ", run_false },
	{ " lspci setpci "
	  "panic derror dinfo dwarn msg err msg2 cat ls "
	  "readlink basename dirname find awk sed cut head tail sort wc tr dmesg modinfo "
	  "setfacl lsusb nvidia-smi ethtool ip "
	  "wall date sync stat file which type "
	  /* what only builds an image */
	  "instmods inst inst_simple inst_multiple inst_hook inst_rules inst_script "
	  "inst_dir dracut_install dracut_module_included require_binaries require_kernel_modules "
	  "add_module add_all_modules add_checked_modules add_file add_binary add_runscript "
	  "add_full_dir add_dir add_symlink add_udev_rule add_systemd_unit map manual_add_modules "
	  "force_load add_modules_from_file copy_exec copy_file copy_modules_dir "
	  "auto_add_modules ",
		run_idle },
};

enum outcome shape_run(struct shape *s)
{
	autobuf struct buf b = { 0 };
	const char *name = shape_program(s->words[0]);

	buf_printf(&b, " %s ", name);
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		if (strstr(shapes[i].names, b.s))
			return shapes[i].run(s);
	return unclear(s), OUTCOME_RAN;
}
