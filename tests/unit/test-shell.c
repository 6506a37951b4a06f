// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading shell files, with the shell as the oracle: it sources the same text, and every
 * variable must have the same value. The shells are those that grub-mkconfig has as its
 * interpreter: /bin/sh (dash on Debian), and bash where /bin/sh is bash.
 */
#include "support.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/format/assign.h"
#include "core/format/shell.h"
#include "core/format/kargs.h"

#include <fcntl.h>
#include <sys/wait.h>

static const char *shell = "/bin/sh";

/* Runs "shell -c SCRIPT sh FILE" with a bare environment; its output and status. */
static int run_shell(const char *script, const char *file, char **ret)
{
	autobuf struct buf b = { 0 };
	autofclose FILE *f = NULL;
	char chunk[4096];
	int ends[2], status;
	size_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	/* A thousand of them: with a sanitizer, fork() takes ten times as long. */
	pid = vfork();
	assert_true(pid >= 0);
	if (pid == 0) {
		static char *environment[] = { (char *)"PATH=/usr/bin:/bin",
			(char *)"HOME=/home/x", NULL };
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		(void)dup2(null, STDIN_FILENO);
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)dup2(null, STDERR_FILENO);
		(void)execle(shell, shell, "-c", script, "sh", file, NULL, environment);
		_exit(126);
	}
	(void)close(ends[1]);
	f = fdopen(ends[0], "r");
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&b, chunk, n);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	*ret = buf_take(&b);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/*
 * The values that the shell has for A and B, each with "=" behind it, or "unset"; NULL
 * where it does not get to the end of the text. The caller's.
 */
static char *ask_shell(const char *text)
{
	static const char script[] =
		"exec 3>&1 >&2; . \"$1\"; "
		"printf '%s%s\\n%s%s' \"${A-unset}\" \"${A+=}\" \"${B-unset}\" \"${B+=}\" >&3";
	autofree char *file = tree_path("text"), *out = NULL;

	tree_put("text", text);
	return run_shell(script, file, &out) == 0 ? TAKE(out) : NULL;
}

static const char *value_of(const struct shell_vars *vars, const char *name,
	const char **ret_set, bool *unknown)
{
	const struct shell_var *var = shell_get(vars, name);

	*ret_set = var ? "=" : "";
	*unknown |= var && var->unknown;
	return var ? var->value : "unset";
}

/* The same of ours. */
static char *ask_us(const char *text, bool *ret_unknown)
{
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	const char *a, *a_set, *b, *b_set;
	struct err err = { 0 };
	char *out;

	*ret_unknown = false;
	if (shell_source(&vars, "text", text, &err) < 0) {
		if (err.code != -EINVAL || !after_prefix(err.text, "text:"))
			complain("\"%s\": says \"%s\"", text, err.text);
		return NULL;
	}
	a = value_of(&vars, "A", &a_set, ret_unknown);
	b = value_of(&vars, "B", &b_set, ret_unknown);
	assert_true(asprintf(&out, "%s%s\n%s%s", a, a_set, b, b_set) >= 0);
	return out;
}

static void compare(const char *text)
{
	autofree char *theirs = ask_shell(text), *ours = NULL;
	bool unknown;

	ours = ask_us(text, &unknown);
	if (!unknown)
		check_text(text, ours, theirs);
	else if (!theirs)
		complain("\"%s\": the shell does not read this", text);
}

/* All of them set A, and some need B. */
static const char *const same[] = {
	/* Plain. */
	"A=",
	"A=x",
	"A=x\n",
	"\n\nA=x\n\n",
	"  A=x",
	"\tA=x",
	"A=x;",
	"A=x ;",
	"",
	"\n",
	"B=x",
	"A=x\nA=y",
	"A=x; A=y",
	"A=x B=y",
	"A=a=b",
	"A=a:b/c,d.e-f+g",
	"A=1 B=$A A=2",
	"A=\xc3\xbc",
	"A=x ",
	/* An environment for a command sets nothing. */
	"A=x true",
	"A=x B=y true",
	"A=x\nA=\"y\" true z",
	"A=x \\\n true",
	"A=x B=y\nA=z true; B=w",
	"A=x true && B=y",
	"A=x\t# c",
	/* Quotes. */
	"A='x y'",
	"A=\"x y\"",
	"A=''",
	"A=\"\"",
	"A='a'\"b\"c",
	"A=a'b'\"c\"",
	"A='\"'",
	"A=\"'\"",
	"A='a\nb'",
	"A=\"a\nb\"",
	"A='\\n'",
	"A=\"a'b\"",
	"A='$B'",
	"B=1\nA='$B'",
	"A='`x`'",
	"A=\"quiet splash\"",
	"A=\"a=\\\"b c\\\"\"",
	"A='it'\\''s'",
	"'A'=x",
	"A\"\"=x",
	/* Backslashes. */
	"A=\\x",
	"A=\\\\",
	"A=a\\ b",
	"A=\\\"x",
	"A=\\'x",
	"A=\\$B",
	"A=\"\\$B\"",
	"A=\"\\\"\"",
	"A=\"\\\\\"",
	"A=\"\\x\"",
	"A=\"\\`\"",
	"A=\"\\'\"",
	"A='\\'",
	"A='\\'x",
	"A=x\\",
	"A=\"\\\\$B\"",
	"A=\\#x",
	"A=\"\\n\"",
	"A=\\;x",
	/* Continuation lines. */
	"A=x\\\ny",
	"A=\"x\\\ny\"",
	"A='x\\\ny'",
	"A=x\\\n",
	"A=\\\nx",
	"\\\nA=x",
	"A=x \\\nB=y",
	"A=\"a \\\n  b\"",
	"# c\\\nA=x",
	"A=x # c\\\nB=y",
	/* Comments. */
	"#A=x",
	"A=x#c",
	"A=x #c",
	"A=x # 'c",
	"A=x # \"c",
	"A=#x",
	"A='#x'",
	"# it's\nA=x",
	"A=x # $( `\nB=y",
	"  # c\nA=x",
	"A=\"x\" #\"",
	"A=x;#c",
	"A=x ;# c'",
	/* CRLF: the carriage return is a part of the value. */
	"A=x\r\n",
	"A=\"x\"\r\nB=y\r\n",
	"A='x'\r\n\r\n",
	"# c\r\nA=x",
	"A=\"a\\\r\nb\"",
	/* References. */
	"B=1\nA=$B",
	"B=1\nA=${B}",
	"B=1\nA=\"$B\"",
	"B=1\nA=\"${B}2\"",
	"B=1\nA=$B$B",
	"A=$B",
	"A=\"x$B\"",
	"A=${B}x",
	"B='x y'\nA=$B",
	"B=1\nA=$Bx",
	"A=$",
	"A=\"$\"",
	"A=$.",
	"A=\"a$ b\"",
	"A=x\nA=\"$A y\"",
	"A=\"$A y\"",
	"A=$A",
	"B=\"a\\\\b\"\nA=$B",
	"B='$C'\nA=$B",
	"B=x A=$B",
	"_a1=x\nA=$_a1",
	"A=${_b}",
	"B=1\nA='a'$B'b'",
	"A=$'x'",
	"A=$\"x\"",
	/* Special parameters and other expansions: right, or known to be unknown. */
	"A=$1",
	"A=$#",
	"A=$?",
	"A=$*",
	"A=$@",
	"A=$!",
	"A=$-",
	"A=$0",
	"A=$$",
	"A=${1}",
	"A=\"$1 x\"",
	"A=${B:-x}",
	"A=${B-x y}",
	"A=\"${B:-x}\"",
	"A=${B:+x}",
	"A=${#B}",
	"A=\"${B:-\"}\"}\"",
	"A=\"${B:-'}'}\"",
	"A=${B:-\\}}",
	"A=${B%x}",
	"A=$(echo x)",
	"A=\"$(echo x y)\"",
	"A=`echo x`",
	"A=\"`echo x`\"",
	"A=$(echo ')')",
	"A=$(echo \")\")",
	"A=$(echo '(')",
	"A=$(echo \\))",
	"A=\"$(echo \"x y\")\"",
	"A=$(echo $(echo x))",
	"A=$((1 + 2))",
	"A=$(( (1 + 2) * 3 ))",
	"A=`echo \\`echo x\\``",
	"A=\"$(echo '\"')\"",
	"A=$(echo x # )\n)",
	"A=~",
	"A=~/x",
	"A=x:~",
	"A=\"~\"",
	"A=\\~",
	"A=x~",
	/* What follows. */
	"A=x\necho y",
	"A=x\ntrue '\n' A=y",
	"true A=x",
	"true \"A=x\nA=y\"",
	"A=x && true",
	"true; A=x",
	"true && A=x",
	"(true); A=x",
	"export A=x",
	"export A=x B=y",
	"A=x\nexport A",
	"readonly A=x",
	"export A='x y'",
	"f() { A=x; }",
	": A=x",
	": \"$A\"",
	"if true; then A=x; fi",
	"if true\nthen\nA=x\nfi",
	"{ A=x; }",
	"for i in 1 2; do A=x; done",
	"A=x\nA+y",
	"[ -n x ] && A=x",
	"test a = a\nA=x",
	/* Debian's, Ubuntu's, Fedora's and Arch's own lines. */
	"A=`lsb_release -i -s 2> /dev/null || echo Debian`\nB=x",
	"A=`( . /etc/os-release; echo ${NAME:-Debian} ) 2>/dev/null || echo Debian`",
	"A=\"$(sed 's, release .*$,,g' /etc/system-release)\"",
	"A=\"loglevel=3 quiet\"",
	"A=\"cryptdevice=UUID=1-2:root:allow-discards root=/dev/mapper/root\"",
	"A=\"crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M resume=UUID=\\\"x\\\"\"",
	/* Never closed: an error to both. */
	"A='x",
	"A=\"x",
	"A='x\nB=y\n",
	"A=\"x\\\"",
	"A=`x",
	"A=$(x",
	"A=${B",
	"A=\"${B\"",
	"A=\"$(x\"",
	"A=x'",
	"A=\"a\nB='b'\n",
	"echo 'x\nA=y",
	"# c\nA=\"x\nB=y # it's\"'",
};

static void test_oracle(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		compare(same[i]);
}

/* "+=" is bash's: there it appends; dash takes such a line for a command. */
static void test_append(void **state)
{
	static const char *const texts[] = { "A+=x", "A=x\nA+=y", "A=x\nA+=' y'",
		"B=1\nA=x\nA+=$B", "A=x\nA+=\"\\\ny\"", "A+=", "A=x; A+=y; A+=z",
		"export A+=x" };

	(void)state;
	if (access("/bin/bash", X_OK) < 0)
		skip_because("there is no /bin/bash");
	shell = "/bin/bash";
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		compare(texts[i]);
	shell = "/bin/sh";
}

/* A's value alone. */
static void check_first(const char *text, char *values, const char *want)
{
	if (values)
		values[strcspn(values, "\n")] = '\0';
	check_text(text, values, want);
}

/*
 * Where we differ, on purpose: nothing is run and no condition is decided. The shell's
 * value stands beside ours, so that a change of either is seen.
 */
static void test_known_differences(void **state)
{
	static const struct {
		const char *text, *theirs, *ours;
	} cases[] = {
		/* Both branches of a condition count as taken. */
		{ "if false; then A=x; fi", "unset", "x=" },
		{ "if true; then A=x; else A=y; fi", "x=", "y=" },
		{ "false && A=x", "unset", "x=" },
		{ "true || A=x", "unset", "x=" },
		{ "while false; do A=x; done", "unset", "x=" },
		/* What a subshell does stays there. */
		{ "(A=x)", "unset", "x=" },
		{ "A=x & wait", "unset", "x=" },
		/* Commands that set variables are not run. */
		{ "A=x\nunset A", "unset", "x=" },
		{ "eval A=x", "x=", "unset" },
		{ ": ${A:=x}", "x=", "unset" },
		{ "case x in x) A=x;; esac", "x=", "unset" },
		{ "export B=1 A=\"$B\"", "=", "1=" },
		/* Grammar beyond quotes is not looked at. */
		{ "A=x\n;", NULL, "x=" },
		{ "A\\\n=x", "x=", "unset" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *theirs = ask_shell(cases[i].text), *ours = NULL;
		bool unknown;

		ours = ask_us(cases[i].text, &unknown);
		check_first(cases[i].text, theirs, cases[i].theirs);
		check_first(cases[i].text, ours, cases[i].ours);
	}
}

/* The line of an error is where the quote was opened. */
static void test_line_numbers(void **state)
{
	static const struct {
		const char *text, *place;
	} cases[] = {
		{ "A=\"x", "f:1: " },
		{ "A=x\n\nB='y\nC=z\n", "f:3: " },
		{ "A=\"x\ny\"\nB=$(", "f:3: " },
		{ "A=x\\\ny\nB=`", "f:3: " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
		struct err err = { 0 };

		check_number(cases[i].text, shell_source(&vars, "f", cases[i].text, &err),
			-EINVAL);
		if (!after_prefix(err.text, cases[i].place))
			complain("%s: says \"%s\"", cases[i].text, err.text);
	}
}

/* What is meant for an assignment and is none: the place, or nothing is wrong. */
static void test_strays(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "B=1\nA_B=\"x y\" v.ids=1:2 w=1\n",
			"f:2: nothing sets A_B here: to a shell \"v.ids=1:2\"" },
		{ "A_B=quiet splash", "f:1: nothing sets A_B here" },
		{ "A_C=\"x\" \"y\"", "f:1: nothing sets A_C here" },
		{ "A_B = \"x\"", "f:1: nothing sets A_B here" },
		{ "\nif true; then\nA_B=x y\nfi", "f:3: " },
		{ "Z=\"x\" y.z=3", "f:1: nothing sets Z here" },
		{ "LANG=C true", NULL },
		{ "A_B=\"x y\" # z", NULL },
		{ "A_B+=' x'", NULL },
		{ "A_B=$(x y)", NULL },
		{ "A_B=x; true y", NULL },
		{ "if true; then A_B=x; fi", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
		struct err err = { 0 };

		assert_int_equal(shell_source(&vars, "f", cases[i].text, &err), 0);
		check_number(cases[i].text, shell_check(&vars, "A_B", &err),
			cases[i].says ? -EINVAL : 0);
		if (cases[i].says && !after_prefix(err.text, cases[i].says))
			complain("%s: says \"%s\"", cases[i].text, err.text);
	}
}

/* Where a word can be added to nothing: a backslash at the end would go on in what is
 * added; the kernel's quote in A, whose value is theirs up to "=", is not closed. */
static bool refuses(const char *text, const char *theirs)
{
	size_t n = strlen(text), quotes = 0;

	for (const char *c = theirs; *c && !after_prefix(c, "=\n"); c++)
		quotes += *c == '"';
	return (n && text[n - 1] == '\\') || quotes % 2;
}

/* The words of A, as the shell has it. */
static void shell_words(const char *text, char ***ret)
{
	autofree char *values = ask_shell(text);

	*ret = NULL;
	if (!values || after_prefix(values, "unset\n"))
		return;
	/* "VALUE=" and a newline, and then B's. */
	assert_non_null(strstr(values, "=\n"));
	for (char *end = values, *at = values; (at = strstr(at, "=\n")); at++)
		*(end = at) = strstr(at + 1, "=\n") ? '=' : '\0';
	*ret = kargs_split(values);
}

/* A word goes to what A is in the end, and out again. */
static void edit(const char *text)
{
	static char *const ours[] = { (char *)"w.x=1,2", NULL };
	autofree char *theirs = ask_shell(text), *with = NULL, *out = NULL;
	autostrv char **before = NULL, **after = NULL;
	struct err err = { 0 };
	CLEANUP(shell_vars_done) struct shell_vars vars = { 0 };
	int r = shell_set("f", text, "A", NULL, NULL, ours, &with, &err);

	if (r < 0 && shell_source(&vars, "f", text, NULL) == 0 &&
		shell_check(&vars, "A", NULL) < 0)
		return;
	if (r < 0 && (!theirs || refuses(text, theirs)))
		return;
	if (r < 0) {
		complain("\"%s\": refused: %s", text, err.text);
		return;
	}
	shell_words(text, &before);
	shell_words(with, &after);
	strv_add(&before, ours[0]);
	if (theirs && !refuses(text, theirs) && !strv_equal(before, after)) {
		autofree char *a = NULL, *b = NULL;

		a = strv_join(before, "|");
		b = strv_join(after, "|");
		complain("\"%s\" became \"%s\": %s instead of %s", text, with, b, a);
	}
	assert_int_equal(shell_set("f", with, "A", NULL, ours, NULL, &out, &err), 0);
	check_text(text, out, text);
}

static void test_edit(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (!strstr(same[i], "$$")) /* the process' own number */
			edit(same[i]);
}

static uint64_t seed;

static size_t pick(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

static void add_pieces(struct buf *b, const char *const *pieces, size_t n, size_t count)
{
	while (count--)
		buf_puts(b, pieces[pick(n)]);
}

/* A word in which blanks, newlines and operators are quoted, in all the ways there are.
 */
static void add_word(struct buf *b)
{
	static const char *const bare[] = { "x", "\\ ", "\\\n", "\\\\", "\\$", "\\\"",
		"\\'", "$B", "${B}", "$%", "#", "=", "\\x", "%", "{", "}" };
	static const char *const single[] = { "x", " ", "\n", "\"", "\\", "$B", "#", ";",
		"`", "(" };
	static const char *const twofold[] = { "x", " ", "\n", "'", "\\\"", "\\\\", "\\$",
		"\\`", "\\x", "\\\n", "$B", "${B}", "$ ", "#", ";", "(" };

	for (size_t parts = 1 + pick(4); parts; parts--)
		switch (pick(3)) {
		case 0:
			add_pieces(b, bare, ARRAY_SIZE(bare), pick(4));
			break;
		case 1:
			buf_puts(b, "'");
			add_pieces(b, single, ARRAY_SIZE(single), pick(4));
			buf_puts(b, "'");
			break;
		default:
			buf_puts(b, "\"");
			add_pieces(b, twofold, ARRAY_SIZE(twofold), pick(4));
			buf_puts(b, "\"");
		}
}

/* Random texts, always the same ones; each seventh is cut short. */
static void test_random(void **state)
{
	(void)state;
	seed = 1;
	for (int i = 0; i < 1400; i++) {
		autobuf struct buf b = { 0 };
		autofree char *text = NULL;

		buf_puts(&b, "B='b 1'\nA=");
		add_word(&b);
		buf_puts(&b, "\nB=");
		add_word(&b);
		text = buf_take(&b);
		if (i % 7 == 0)
			text[pick(strlen(text))] = '\0';
		compare(text);
		if (i % 4 == 0)
			edit(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_oracle),
		TEST(test_append),
		TEST(test_known_differences),
		TEST(test_line_numbers),
		TEST(test_strays),
		TEST(test_edit),
		TEST(test_random),
	};

	return RUN(tests);
}
