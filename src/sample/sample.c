// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample/sample.h"
#include "assets.h"
#include "core/base/text.h"
#include "sample/hostfile.h"
#include "sample/tree.h"

#include <fcntl.h>

static char *make_dir(void)
{
	const char *tmp = secure_getenv("TMPDIR");
	autofree char *dir = text_printf(
		"%s/pciferry-demo-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");

	return mkdtemp(dir) ? TAKE(dir) : NULL;
}

static int sample_fill(const char *dir, struct root **ret, struct err *err)
{
	autoclose int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int r;

	if (fd < 0)
		return err_errno(err, -errno, "Cannot open %s", dir);
	r = hostfile_expand(asset_sample_desktop_host, "desktop.host", fd, err);
	if (r == 0)
		r = root_open(dir, ret, err);
	if (r == 0)
		root_set_sample(*ret);
	return r;
}

int sample_open(struct root **ret, char **ret_dir, struct err *err)
{
	autofree char *dir = make_dir();
	int r;

	if (!dir)
		return err_errno(
			err, -errno, "Cannot make a directory for the sample host");
	r = sample_fill(dir, ret, err);
	if (r < 0)
		sample_remove(dir);
	else
		*ret_dir = TAKE(dir);
	return r;
}

void sample_remove(const char *dir)
{
	autoclose int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && tree_empty(fd) == 0)
		(void)rmdir(dir);
}
