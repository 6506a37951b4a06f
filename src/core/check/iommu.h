/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions on the IOMMU and its interrupts. */
#pragma once

#include "core/check/check.h"

int check_iommu(const struct probe *p, struct check *c); /* iommu.c */
int check_groupless(const struct probe *p, struct check *c);

int check_iommu(const struct probe *p, struct check *c); /* iommu.c */
int check_groupless(const struct probe *p, struct check *c);

int check_interrupts(const struct probe *p, struct check *c);

int check_noiommu(const struct probe *p, struct check *c);
