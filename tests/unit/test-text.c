// SPDX-License-Identifier: GPL-2.0-or-later
/* Text from hardware and files must not steer the terminal it is shown on. */
#include "support.h"
#include "core/base/text.h"

static void test_escape(void **state)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
		{ "", "" },
		{ "NVIDIA Corporation TU104 [GeForce RTX 2080]",
			"NVIDIA Corporation TU104 [GeForce RTX 2080]" },
		{ "a\\b", "a\\b" },
		/* Control characters. */
		{ "\x1b[31mred", "\\x1b[31mred" },
		{ "\x1b]0;title\x07", "\\x1b]0;title\\x07" },
		{ "a\nb\tc\rd", "a\\x0ab\\x09c\\x0dd" },
		{ "\x7f", "\\x7f" },
		{ "\x01\x08", "\\x01\\x08" },
		/* C1 as UTF-8 is a control sequence to many terminals: U+009B is CSI. */
		{ "\xc2\x9b"
		  "31m",
			"\\xc2\\x9b31m" },
		{ "\xc2\x80\xc2\x9f", "\\xc2\\x80\\xc2\\x9f" },
		{ "\xc2\xa0", "\xc2\xa0" },
		/* Text as it may be. */
		{ "Gr\xc3\xbc\xc3\x9f"
		  "e",
			"Gr\xc3\xbc\xc3\x9f"
			"e" },
		{ "\xe4\xb8\xad", "\xe4\xb8\xad" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd" },
		/* Bytes that are no UTF-8: Latin-1, alone, cut short, surrogates, too
		   large. */
		{ "\xfc", "\\xfc" },
		{ "\x80", "\\x80" },
		{ "a\xc3", "a\\xc3" },
		{ "\xe4\xb8", "\\xe4\\xb8" },
		{ "\xc3(", "\\xc3(" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80" },
		{ "\xff\xfe", "\\xff\\xfe" },
		/* Overlong: of "/", of ESC, of NUL. */
		{ "\xc0\xaf", "\\xc0\\xaf" },
		{ "\xc0\x9b", "\\xc0\\x9b" },
		{ "\xc0\x80", "\\xc0\\x80" },
		{ "\xe0\x80\x9b", "\\xe0\\x80\\x9b" },
		{ "\xf0\x80\x80\x9b", "\\xf0\\x80\\x80\\x9b" },
		/* Marks of direction, as Unicode's Bidi_Control has them; other invisible
		   ones. */
		{ "\xd8\x9c", "\\xd8\\x9c" }, /* U+061C */
		{ "\xe2\x80\x8e\xe2\x80\x8f", "\\xe2\\x80\\x8e\\xe2\\x80\\x8f" },
		{ "\xe2\x80\xaa\xe2\x80\xae", "\\xe2\\x80\\xaa\\xe2\\x80\\xae" },
		{ "\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9" },
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
		{ "\xe2\x80\x8b", "\\xe2\\x80\\x8b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *clean = text_escape(cases[i].text);

		check_text(cases[i].clean, clean, cases[i].clean);
	}
}

static void test_clean(void **state)
{
	autofree char *clean = text_clean("a\0b\0", 4), *cut = text_clean("\xc3\xbc", 1);

	(void)state;
	assert_string_equal(clean, "a\\x00b\\x00");
	assert_string_equal(
		cut, "\\xc3"); /* what is beyond the length is not looked at */
}

/* Whatever the bytes: printable ASCII and letters come out, and nothing gets lost. */
static void test_every_byte(void **state)
{
	(void)state;
	for (int a = 0; a < 256; a++)
		for (int b = 0; b < 256; b++) {
			char text[2] = { (char)a, (char)b };
			autofree char *clean = text_clean(text, 2);

			assert_non_null(clean);
			for (const char *p = clean; *p; p++)
				if ((unsigned char)*p < ' ' || *p == 0x7f)
					complain("%02x %02x: a control character is left",
						a, b);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_escape),
		TEST(test_clean),
		TEST(test_every_byte),
	};

	return RUN(tests);
}
