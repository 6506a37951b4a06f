// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check/checks.h"
#include "core/check/boot.h"
#include "core/check/check.h"
#include "core/base/text.h"
#include "core/check/hardware.h"
#include "core/check/iommu.h"
#include "core/check/kernel.h"
#include "core/check/lasting.h"
#include "core/check/platform.h"

#include <stdarg.h>

static const struct {
	const char *name;
	void (*run)(const struct probe *p, struct check *c);
} table[] = {
	{ "platform", check_platform },
	{ "virtualization", check_virtualization },
	{ "iommu", check_iommu },
	{ "groups", check_groupless },
	{ "interrupt-remapping", check_interrupts },
	{ "no-iommu", check_noiommu },
	{ "vfio", check_vfio },
	{ "boot-loader", check_loader },
	{ "initramfs", check_initramfs },
	{ "lasting", check_lasting },
	{ "command-line", check_cmdline },
	{ "claims", check_claims },
	{ "network-names", check_names },
	{ "secure-boot", check_secure_boot },
	{ "lockdown", check_lockdown },
	{ "acs-override", check_acs },
	{ "sriov", check_sriov },
	{ "memlock", check_memlock },
};

void checks_done(struct checks *checks)
{
	for (size_t i = 0; i < checks->n; i++) {
		free(checks->list[i].text);
		free(checks->list[i].fix);
	}
	free(checks->list);
	*checks = (struct checks){ 0 };
}

void checks_run(const struct probe *p, struct checks *ret)
{
	*ret = (struct checks){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct check *c;

		GROW(ret->list, ret->n);
		c = &ret->list[ret->n++];
		c->name = table[i].name;
		table[i].run(p, c);
	}
}

void check_request(enum check_plan plan, struct request *request)
{
	request->claims.iommu_on |= plan == CHECK_PLAN_IOMMU;
	request->rename |= plan == CHECK_PLAN_NAMES;
}

bool checks_ready(const struct checks *checks)
{
	for (size_t i = 0; i < checks->n; i++)
		if (checks->list[i].state == CHECK_FAIL)
			return false;
	return true;
}

const char *check_state_to_string(enum check_state state)
{
	static const char *const words[] = {
		[CHECK_OK] = "ok",
		[CHECK_WARN] = "warn",
		[CHECK_FAIL] = "fail",
		[CHECK_UNKNOWN] = "unknown",
	};

	return words[state];
}
