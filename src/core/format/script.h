/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a shell script does to the drivers of PCI devices, by a short list of shapes:
 *
 * - variables with literal text, loops over literal words, functions, conditions that ask
 *   whether a file of sysfs is there, "prereqs" of initramfs-tools, "cd";
 * - echo, printf and tee into driver_override, bind, unbind, new_id, drivers_probe and
 *   sriov_numvfs, also by sudo and "sh -c";
 * - modprobe of vfio-pci, driverctl set-override, virsh nodedev-detach.
 *
 * A command that names a device, IDs, or a way to bind one and has no such shape, or has
 * it under a condition that only running would tell, is ACT_UNCLEAR for what it names.
 */
#pragma once

#include "core/base/strv.h"
#include "core/host/act.h"

struct script {
	const char *path; /* for what is found; borrowed */
	enum act_stage stage;
	/* The text of a program that a line names by its path; NULL: none that is known,
	 * or no need to look into it. */
	const char *(*find)(void *data, const char *path, const char **ret_path);
	void *data;
	/* A function of the script's to be run after it, besides what it runs itself,
	 * with a stage of its own; a name of NULL ends them. NULL: none. */
	const struct script_entry {
		const char *function;
		enum act_stage stage;
	} * entries;
};

/* Adds what the whole text does; args are its own, NULL where they are not known. */
void script_read(const struct script *script, const char *text, char *const *args,
	struct acts *ret);
/* The same of a piece of it: a command in another file, whose first line has that number.
 */
void script_read_command(
	const struct script *script, const char *command, size_t line, struct acts *ret);
/* A program with arguments that no shell reads, as systemd's and udev's lines have them.
 */
void script_read_program(
	const struct script *script, const char *command, size_t line, struct acts *ret);
