/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why vfio-pci does not have a device that it was to get. */
#pragma once

#include "core/host/probe.h"
#include "core/scan/klog.h"

/*
 * The likely reason and what to do, a sentence without its full stop: from what sysfs and
 * the command line show and, where it could be read (else it is empty), from the kernel's
 * log.
 */
char *reason_not_bound(
	const struct probe *p, const struct klog *log, const struct device *d) MUST_CHECK;
