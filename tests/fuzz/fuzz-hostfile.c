// SPDX-License-Identifier: GPL-2.0-or-later
/* Host files, and reading the hosts they make: nothing outside their directory changes.
 */
#include "fuzz.h"
#include "core/scan/scan.h"
#include "sample/hostfile.h"
#include "sample/sample.h"
#include "sample/tree.h"

#include <fcntl.h>

/* A directory in a directory of its own, in memory where that can be; made once, emptied
 * for each input. */
static char outer[64] = "/dev/shm";
static int dir_fd = -1;

static void clean_up(void)
{
	sample_remove(outer);
}

static void set_up(void)
{
	char inner[sizeof(outer) + sizeof("/host")];

	if (dir_fd >= 0)
		return;
	if (access(outer, W_OK) < 0)
		strcpy(outer, "/tmp");
	strcat(outer, "/pciferry-fuzz-XXXXXX");
	MUST(mkdtemp(outer));
	(void)atexit(clean_up);
	(void)snprintf(inner, sizeof(inner), "%s/host", outer);
	MUST(mkdir(inner, 0700) == 0);
	dir_fd = open(inner, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	MUST(dir_fd >= 0);
}

/* Whatever came out, it can be read, or is refused with a sentence. */
static void check_host(void)
{
	autoroot struct root *root = NULL;
	autohost struct host *host = NULL;
	struct err err = { 0 };
	char dir[sizeof(outer) + sizeof("/host")];

	(void)snprintf(dir, sizeof(dir), "%s/host", outer);
	MUST(root_open(dir, &root, &err) == 0);
	if (host_scan(root, &host, &err) < 0) {
		MUST(err.text[0]);
		return;
	}
	for (size_t i = 0; i < host->n_devices; i++)
		scan_more(&(struct probe){ root, host },
			&(struct more){ .details_of = &host->devices[i] });
}

static void check_outside(void)
{
	autoclosedir DIR *dir = opendir(outer);
	struct dirent *entry;

	MUST(dir);
	while ((entry = readdir(dir)))
		MUST(streq(entry->d_name, ".") || streq(entry->d_name, "..") ||
			streq(entry->d_name, "host"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size);
	struct err err = { 0 };
	int r;

	if (strstr(text,
		    "kernel")) /* runs depmod, which is slow and not what is tested */
		return 0;
	set_up();
	r = hostfile_expand(text, "f", dir_fd, &err);
	MUST(r == 0 || after_prefix(err.text, "f:"));
	check_host();
	check_outside();
	MUST(tree_empty(dir_fd) == 0);
	return 0;
}
