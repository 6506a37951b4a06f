// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds a fuzz target its corpus: FUZZ-NAME [FILE...], without files all that are in
 * tests/fuzz/corpus/NAME. */
#include "fuzz.h"
#include "core/base/root.h"
#include "core/base/strv.h"

#define CORPUS TESTS_DIR "/fuzz/corpus"
#define INPUT_MAX ((size_t)1 << 20)

static int replay(const char *path)
{
	autoroot struct root *root = NULL;
	autofree char *data = NULL;
	size_t len = 0;

	if (root_open("/", &root, NULL) < 0 ||
		root_read(root, path, INPUT_MAX, &data, &len) < 0) {
		(void)fprintf(stderr, "cannot read %s\n", path);
		return 1;
	}
	(void)LLVMFuzzerTestOneInput((const uint8_t *)data, len);
	return 0;
}

static int replay_corpus(const char *name)
{
	autoroot struct root *root = NULL;
	autostrv char **names = NULL;

	if (root_open(CORPUS, &root, NULL) < 0 || root_list(root, name, &names) < 0 ||
		!names) {
		(void)fprintf(stderr, "no corpus in %s/%s\n", CORPUS, name);
		return 1;
	}
	strv_foreach (file, names) {
		autofree char *path = NULL;

		MUST(asprintf(&path, "%s/%s/%s", CORPUS, name, file) >= 0);
		if (replay(path))
			return 1;
	}
	printf("%zu passed, 0 failed\n", strv_len(names));
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = strstr(argv[0], "fuzz-");

	if (argc == 1 && name)
		return replay_corpus(name + strlen("fuzz-"));
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]))
			return 1;
	return 0;
}
