// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/modprobe.h"

void modprobe_watch(struct watches *watches)
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

	watch(watches, files);
}

void host_modprobe(const struct host *host, struct modprobe_lines *ret)
{
	struct modprobe_lines lines = { 0 };
	size_t n;
	autofree const struct file **files = host_files_by_name(host, "/modprobe.d/", &n);

	for (size_t i = 0; i < n; i++)
		modprobe_read(files[i]->path, files[i]->text, &lines);
	*ret = lines;
}
