// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/modprobe.h"

int modprobe_watch(struct watches *watches)
{
	static const struct watched files[] = {
		{ .path = "/etc/modprobe.d/", .suffix = ".conf" },
		{ .path = "/run/modprobe.d/", .suffix = ".conf", .masked = true },
		{ .path = "/usr/local/lib/modprobe.d/",
			.suffix = ".conf",
			.masked = true },
		{ .path = "/usr/lib/modprobe.d/", .suffix = ".conf", .masked = true },
		{ .path = "/lib/modprobe.d/", .suffix = ".conf", .masked = true },
		{ 0 },
	};

	return watch(watches, files);
}

int host_modprobe(const struct host *host, struct modprobe_lines *ret)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };
	autofree const struct file **files = NULL;
	size_t n;

	if (host_files_by_name(host, "/modprobe.d/", &files, &n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (modprobe_read(files[i]->path, files[i]->text, &lines) < 0)
			return -ENOMEM;
	*ret = lines;
	lines = (struct modprobe_lines){ 0 };
	return 0;
}
