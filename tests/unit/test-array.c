// SPDX-License-Identifier: GPL-2.0-or-later
/* Arrays of bash, with bash as the oracle: it sources the same text. */
#include "support.h"
#include "core/base/buf.h"
#include "core/format/array.h"
#include "core/format/block.h"

#include <sys/wait.h>

/* What bash has in A after sourcing the text, a word a line; a string is split as
 * mkinitcpio does (arrayize_config). The caller's. */
static char *ask_bash(const char *text)
{
	static const char script[] =
		"shopt -u expand_aliases; . \"$1\"; [[ ${A@a} = *a* ]] || read -rd '' -a A <<<\"$A\"; "
		"(( ${#A[@]} )) && printf '%s\\n' \"${A[@]}\"; exit 0";
	autofree char *file = tree_path("text"), *out = tree_path("out");

	tree_put("text", text);
	tree_put("out", "");
	if (fork() == 0) {
		if (!freopen(out, "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(125);
		(void)execl("/bin/bash", "bash", "-c", script, "bash", file, NULL);
		_exit(126);
	}
	(void)wait(NULL);
	return tree_get("out");
}

static char *read_array(const char *text)
{
	CLEANUP(array_done) struct array array = { 0 };
	autobuf struct buf b = { 0 };
	char *out;

	array_source(text, "A", &array);
	strv_foreach (word, array.tokens)
		buf_printf(&b, "%s\n", word);
	out = buf_take(&b);
	return out;
}

static const char *const texts[] = {
	"A=(a b)\n",
	"A=()\n",
	"A=(a b)",
	"# A=(x)\nA=(a) # A=(y)\n",
	"A=(\n  a # first, don't\n  b\n\n)\nB=(c)\n",
	"A=(a)\nA+=(b c)\n",
	"A=(a)\nA=(b)\n",
	"B=(x)\nBA=(y)\nA=(z)\nAB=(w)\n",
	"A=\"a b\"\n",
	"A='a  b'\n",
	"A=a\n",
	"A=(\"a\" 'b' c\\\nd)\n",
	"A=(a); A+=(b)\n",
	"  A=(a b)\n",
	"B=\"x\nA=(no)\n\"\nA=(yes)\n",
	"A=(a#b)\n",
	"A=(a\tb\r\n)\n",
	"A=(a b\\ c)\n",
	"",
};

static void test_oracle(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		autofree char *want = ask_bash(texts[i]), *got = read_array(texts[i]);

		if (strchr(texts[i], '\r') || strstr(texts[i], "echo"))
			continue; /* bash keeps a CR; and knows that an argument is none
				   */
		check_text(texts[i], got, want);
	}
}

/* The line for a list or a string, in a block: bash has the words then, the user's before
 * them; taken out, every byte is as it was. */
static void test_append(void **state)
{
	static char *const words[] = { (char *)"vfio_pci", (char *)"/etc/x", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		CLEANUP(array_done) struct array array = { 0 };
		autofree char *before = ask_bash(texts[i]), *line = NULL, *after = NULL;
		autofree char *text = NULL, *back = NULL, *want = NULL;

		array_source(texts[i], "A", &array);
		line = array_append_line(&array, "A", words);
		text = block_set(texts[i], line);
		after = ask_bash(text);
		assert_true(asprintf(&want, "%svfio_pci\n/etc/x\n", before) >= 0);
		check_text(texts[i], after, want);
		back = block_set(text, NULL);
		check_text(texts[i], back, texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_oracle),
		TEST(test_append),
	};

	return RUN(tests);
}
