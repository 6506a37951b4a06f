/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys from a file, through the reader that serves the keyboard, for tests.
 *
 *     # a comment, at the start of a line
 *     nvme            characters are keys; blanks and line ends mean nothing
 *     <Down> <Enter>  named keys (term.c), <Space> and <lt> among them
 *     <Down*3>        three times
 *     <Resize 120x40> the terminal's size; 80x24 at the start
 *     <Screen NAME>   writes NAME.screen in the current directory: text and roles
 *     <Attributes NAME>  writes NAME.attributes: what the terminal was told
 *     <Shows TEXT>    fails unless the screen holds the text
 *     <When TEXT>     while work is under way: waits until the screen holds the text, and
 *                     goes on with the keys there and then ...
 *     <Then>          ... up to here; the rest waits for the end of the work
 *     <Signal TERM>   the process gets SIGTERM, SIGHUP or SIGINT
 *
 * The end of the file is the end of the wizard, as when a terminal goes away.
 */
#pragma once

#include "core/base/err.h"

#define SCRIPT_SIZE_MAX 500 /* columns or lines */

struct script;

#define autoscript CLEANUP(script_freep)

int script_open(const char *path, struct script **ret, struct err *err) MUST_CHECK;
void script_freep(struct script **script);
/* What went wrong in it: 0, or -EINVAL and a sentence with file and line. */
int script_result(const struct script *script, struct err *err);
/* See term_key(). */
int script_key(struct script *script, int fd);
