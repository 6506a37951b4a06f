// SPDX-License-Identifier: GPL-2.0-or-later
/* expand-host FILE DIR: expands a host file into a directory that is new or empty. */
#include "core/base/buf.h"
#include "core/base/root.h"
#include "sample/hostfile.h"

#include <fcntl.h>

static int read_file(const char *path, char **ret)
{
	autofclose FILE *f = fopen(path, "re");
	autobuf struct buf b = { 0 };
	char chunk[4096];
	size_t n;

	if (!f)
		return -errno;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&b, chunk, n);
	if (ferror(f))
		return -EIO;
	*ret = buf_take(&b);
	return 0;
}

int main(int argc, char **argv)
{
	autofree char *text = NULL;
	autoclose int fd = -1;
	struct err err = { 0 };
	int r;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: expand-host FILE DIR\n");
		return 2;
	}
	r = read_file(argv[1], &text);
	if (r < 0) {
		(void)fprintf(stderr, "%s: %s\n", argv[1], strerror(-r));
		return 1;
	}
	if (mkdir(argv[2], 0755) < 0 && errno != EEXIST) {
		perror(argv[2]);
		return 1;
	}
	fd = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[2]);
		return 1;
	}
	if (hostfile_expand(text, argv[1], fd, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return 0;
}
