// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts that the user keeps, such as an export: new files, no part of any set. */
#include "backup/save.h"
#include "backup/backup.h"
#include "backup/atomic.h"

int backup_save_text(
	const struct root *root, const char *path, const char *text, struct err *err)
{
	struct atomic_file f = {
		.text = (char *)text, .mode = 0644, .uid = geteuid(), .gid = getegid()
	};
	int r;

	if (path[0] != '/' || has_suffix(path, "/"))
		return err_set(err, -EINVAL, "%s is no path of a file from / on.", path);
	r = root_has(root, path, err);
	if (r > 0)
		r = err_set(err, -EEXIST, "%s%s is there already: choose another name.",
			root_shown(root), path);
	return r < 0 ? r : atomic_write(root, path, &f, err);
}
