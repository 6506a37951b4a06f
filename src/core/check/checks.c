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
#include "core/facts/facts.h"

#include <stdarg.h>

/* What answers a row: on the disk of a host its files are there, and no more. */
enum source { THE_HOST, ITS_FILES };

static const struct {
	const char *name;
	void (*run)(const struct probe *p, struct check *c); /* reads, or: */
	void (*print)(
		const struct host *host, const struct facts *facts, struct check *c);
	enum source source;
} table[] = {
	{ "platform", .print = check_platform },
	{ "virtualization", .run = check_virtualization },
	{ "iommu", .print = check_iommu },
	{ "groups", .print = check_groupless },
	{ "interrupt-remapping", .print = check_interrupts },
	{ "no-iommu", .print = check_noiommu },
	{ "vfio", .run = check_vfio, .source = ITS_FILES },
	{ "boot-loader", .run = check_loader, .source = ITS_FILES },
	{ "initramfs", .run = check_initramfs, .source = ITS_FILES },
	{ "lasting", .run = check_lasting, .source = ITS_FILES },
	{ "initramfs-modules", .run = check_lists, .source = ITS_FILES },
	{ "command-line", .run = check_cmdline },
	{ "claims", .run = check_claims, .source = ITS_FILES },
	{ "network-names", .run = check_names },
	{ "secure-boot", .run = check_secure_boot },
	{ "lockdown", .run = check_lockdown },
	{ "acs-override", .run = check_acs },
	{ "sriov", .run = check_sriov },
	{ "memlock", .run = check_memlock },
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
	CLEANUP(facts_done) struct facts facts = { 0 };

	*ret = (struct checks){ 0 };
	facts_find(p->host, &p->host->claims, &facts);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct check *c;

		GROW(ret->list, ret->n);
		c = &ret->list[ret->n++];
		c->name = table[i].name;
		if (p->host->disk && table[i].source == THE_HOST)
			check_say(c, CHECK_UNKNOWN, "Not judged: " NOT_VISIBLE ".");
		else if (table[i].run)
			table[i].run(p, c);
		else
			table[i].print(p->host, &facts, c);
		if (!c->text) /* a row that is there only where it has something to say */
			*c = (struct check){ 0 }, ret->n--;
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
