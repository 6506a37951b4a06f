// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rows of checks.c share. */
#include "core/check/check.h"
#include "core/base/text.h"

#include <stdarg.h>

void check_say(struct check *c, enum check_state state, const char *fmt, ...)
{
	va_list ap;

	c->state = state;
	va_start(ap, fmt);
	c->text = text_vprintf(fmt, ap);
	va_end(ap);
}

void check_fix(struct check *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->fix = text_vprintf(fmt, ap);
	va_end(ap);
}

void check_fact(struct check *c, const struct fact *fact)
{
	static const enum check_state states[] = {
		[FACT_NOTE] = CHECK_OK,
		[FACT_WARNS] = CHECK_WARN,
		[FACT_DOOMS] = CHECK_FAIL,
	};

	check_say(c, states[fact->weight], "%s", fact->text);
	if (fact->fix)
		check_fix(c, "%s", fact->fix);
	if (fact->plan == FACT_PLAN_IOMMU)
		c->plan = CHECK_PLAN_IOMMU;
}
