/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host files: a whole fake host as one text file, a line a thing, that expands into a
 * directory tree. The sample host (--demo) and the tests' hosts are written so.
 *
 * A line is a directive and its words, separated by blanks. A word may be put in double
 * quotes, where \n, \t, \", \\ and \xNN mean what they do in C. "#" at the beginning of
 * a word starts a comment. Paths are below the tree's top, without "/" in front and
 * without "..". A later line may replace the file of an earlier one.
 *
 * A host knows its routes, and has none, unless it says otherwise; "remove
 * proc/net/route" is a host whose routes nobody knows.
 *
 *   include NAME                    the host file assets/NAME, as if it stood here
 *   dir PATH
 *   link PATH -> TARGET             TARGET is not looked at
 *   text PATH VALUE                 one line: the rest of this one, quotes and all
 *   file PATH [MODE] [no-newline] <<END     all lines up to one that is END, byte for
 *                                   byte; no-newline: without the last newline
 *   hex PATH BYTE...                binary: "44 4d 41 52"
 *   asset PATH MODE NAME            a copy of assets/NAME
 *   remove PATH                     a file, or a directory with what is in it
 *
 *   kernel RELEASE [running]        lib/modules/RELEASE and boot/vmlinuz-RELEASE
 *   config RELEASE CONFIG_X=V...    adds to boot/config-RELEASE; n is "not set"
 *   module RELEASE NAME [builtin] [depends=M,M] [softdep="pre: M"] [ALIAS...]
 *                                   RELEASE * is every kernel so far; NAME may carry its
 *                                   directory: drivers/vfio/pci/vfio-pci
 *
 *   device ADDRESS class=CCSSPP id=VVVV:DDDD [KEY=VALUE...]
 *       sub=VVVV:DDDD rev=RR        subsystem IDs, revision
 *       driver=NAME group=N         what it is bound to, its IOMMU group
 *       bus=SS[-TT]                 a bridge: the buses behind it, hexadecimal; with a
 *                                   domain (10000:e0) a root bus below it, as VMD has
 *       physfn=ADDRESS              a virtual function's physical one
 *       caps=NAME,... config=HEX    configuration space: built with these capabilities
 *                                   (pciconfig.h), or given; "none" leaves the file out
 *       or any attribute of sysfs that sysfs.c lists: boot_vga=1 numa_node=0 ...
 *   bind ADDRESS DRIVER             binds an earlier line's device to another; - to none
 *   driver NAME MODULE              where the module has another name than the driver
 *   group N [type=T] [region="START END KIND"...]   more than the devices' lines say
 *   net NAME ADDRESS [KEY=VALUE...] a network interface of a device; - is a virtual one
 *   block ADDRESS PATH MAJ:MIN [SUFFIX=MAJ:MIN...]  a disk, by its path below the device
 *                                   (nvme/nvme0/nvme0n1), and its partitions (p1=259:1)
 */
#pragma once

#include "core/base/err.h"

/*
 * Expands text into the directory, which should be empty. Every mistake is an error that
 * names the place, "name:LINE: ...". Runs depmod(8) for each kernel, so that libkmod can
 * read the tree; it must be installed. Nothing outside the directory is ever touched.
 */
int hostfile_expand(
	const char *text, const char *name, int dir_fd, struct err *err) MUST_CHECK;
