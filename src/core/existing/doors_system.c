// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/existing/doors_system.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/names.h"
#include "core/format/attribute.h"

static struct script script_of(
	const struct door_reader *r, const struct file *f, enum act_stage stage)
{
	struct script script = r->script;

	script.path = f->path;
	script.stage = stage;
	return script;
}

/* -- systemd --------------------------------------------------------------------------
 */

/* "$$" is "$" and "%%" is "%" there (systemd.service(5), systemd.unit(5)). */
static char *unescape(const char *line)
{
	struct buf b = { 0 };

	for (; *line; line++) {
		buf_add(&b, line, 1);
		line += (*line == '$' || *line == '%') && line[1] == *line;
	}
	return buf_take(&b);
}

static void read_exec(
	const struct script *script, const char *line, size_t number, struct acts *ret)
{
	static const char *const keys[] = { "ExecStartPre", "ExecStart", "ExecStartPost",
		"ExecCondition" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *rest = after_prefix(line, keys[i]);
		autofree char *command = NULL;

		if (!rest || rest[strspn(rest, " \t")] != '=')
			continue;
		rest = strchr(rest, '=') + 1;
		rest += strspn(rest, " \t");
		command = unescape(rest + strspn(rest, "-@:+!|"));
		script_read_program(script, command, number, ret);
	}
}

/* Its lines that run something at its start; a backslash at the end continues one. */
void door_read_unit(const struct door_reader *r, const struct file *f)
{
	struct script script = script_of(r, f, ACT_SYSTEM);
	size_t number = 1;

	for (const char *s = f->text; *s;) {
		autobuf struct buf line = { 0 };
		size_t first = number;

		for (;;) {
			size_t n = strcspn(s, "\n");
			bool goes_on = n && s[n - 1] == '\\' && s[n];

			buf_add(&line, s, n - goes_on);
			s += n + (s[n] == '\n');
			number++;
			if (!goes_on)
				break;
			buf_puts(&line, " ");
		}
		if (line.s)
			read_exec(&script, line.s, first, r->ret);
	}
}

/* -- scripts --------------------------------------------------------------------------
 */

/* systemd's generator starts it where it is executable. */
void door_read_script(const struct door_reader *r, const struct file *f)
{
	struct script script = script_of(r, f, ACT_SYSTEM);
	char *start[] = { (char *)"start", NULL };

	if (f->mode & 0111)
		script_read(&script, f->text, start, r->ret);
}

/* libvirt runs it for each guest, with the guest's name: what it does depends on that. */
void door_read_hook(const struct door_reader *r, const struct file *f)
{
	struct script script = script_of(r, f, ACT_GUEST);

	if (f->mode & 0111)
		script_read(&script, f->text, NULL, r->ret);
}

/* "@reboot COMMAND", with a user before the command but in users' own tables. */
void door_read_cron(const struct door_reader *r, const struct file *f)
{
	struct script script = script_of(r, f, ACT_SYSTEM);
	size_t number = 0;

	for (const char *s = f->text; *s;) {
		size_t n = strcspn(s, "\n");
		autofree char *line = xstrndup(s, n);
		const char *command = after_prefix(line + strspn(line, " \t"), "@reboot");

		number++;
		if (command) {
			command += strspn(command, " \t");
			if (!after_prefix(f->path, "/var/spool/"))
				command += strcspn(command, " \t");
			script_read_command(&script, command, number, r->ret);
		}
		s += n + (s[n] == '\n');
	}
}

/* -- lines that name a file of sysfs and a text ---------------------------------------
 */

static void read_write(const struct door_reader *r, const struct file *f, size_t number,
	const char *path, const char *text)
{
	const struct act base = { .path = f->path, .line = number, .stage = ACT_SYSTEM };
	CLEANUP(names_done) struct names names = { 0 };
	struct act *act;

	if (attribute_write(text, path, &base, r->ret) != WRITE_UNCLEAR)
		return;
	names_find(path, &names);
	names_find(text, &names);
	strv_foreach (address, names.addresses) {
		act = acts_add(r->ret);
		*act = base;
		act->kind = ACT_UNCLEAR;
		act->address = xstrdup(address);
	}
	if (names.addresses)
		return;
	act = acts_add(r->ret);
	*act = base;
	act->kind = ACT_UNCLEAR;
}

/* "w PATH MODE USER GROUP AGE TEXT" (tmpfiles.d(5)). */
static void read_tmpfile(const struct door_reader *r, const struct file *f, size_t number,
	const char *line)
{
	autostrv char **words = strv_split(line, " \t\r\"'");
	autofree char *text = NULL;

	if (strv_len(words) < 7 || words[0][0] != 'w' || !strstr(words[1], "/sys/"))
		return;
	text = strv_join(words + 6, " ");
	read_write(r, f, number, words[1], text);
}

/* "bus/pci/devices/ADDRESS/sriov_numvfs = 4" (sysfs.conf(5)). */
static void read_attribute(const struct door_reader *r, const struct file *f,
	size_t number, const char *line)
{
	autostrv char **words = strv_split(line, " \t\r=");
	autofree char *path = NULL, *text = NULL;

	if (strv_len(words) < 2 || words[0][0] == '#' || streq(words[0], "mode") ||
		streq(words[0], "owner"))
		return;
	path = text_printf("/sys/%s", words[0]);
	text = strv_join(words + 1, " ");
	read_write(r, f, number, path, text);
}

static void each_line(const struct door_reader *r, const struct file *f,
	void (*read)(
		const struct door_reader *, const struct file *, size_t, const char *))
{
	size_t number = 1;

	for (const char *s = f->text; *s; number++) {
		size_t n = strcspn(s, "\n");
		autofree char *line = xstrndup(s, n);

		read(r, f, number, line);
		s += n + (s[n] == '\n');
	}
}

void door_read_tmpfiles(const struct door_reader *r, const struct file *f)
{
	each_line(r, f, read_tmpfile);
}

void door_read_sysfs(const struct door_reader *r, const struct file *f)
{
	each_line(r, f, read_attribute);
}
