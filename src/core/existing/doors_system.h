/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doors of the running system: units, scripts, tables of cron, tmpfiles, sysfs. */
#pragma once

#include "core/existing/door.h"

/* Each reads one file. */
void door_read_unit(const struct door_reader *r, const struct file *f);
void door_read_script(const struct door_reader *r, const struct file *f);
void door_read_cron(const struct door_reader *r, const struct file *f);
void door_read_tmpfiles(const struct door_reader *r, const struct file *f);
void door_read_sysfs(const struct door_reader *r, const struct file *f);
void door_read_hook(const struct door_reader *r, const struct file *f);
