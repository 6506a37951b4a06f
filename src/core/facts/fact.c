// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/facts/fact.h"
#include "core/base/text.h"

#include <stdarg.h>

struct fact *fact_add(struct facts *facts, enum finding_id id, enum fact_weight weight,
	const char *address, const char *fmt, ...)
{
	struct fact *fact;
	va_list ap;

	GROW(facts->list, facts->n);
	fact = &facts->list[facts->n++];
	fact->id = id;
	fact->weight = weight;
	fact->address = address ? xstrdup(address) : NULL;
	va_start(ap, fmt);
	fact->text = text_vprintf(fmt, ap);
	va_end(ap);
	return fact;
}

void fact_fix(struct fact *fact, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fact->fix = text_vprintf(fmt, ap);
	va_end(ap);
}

const struct fact *fact_find(
	const struct facts *facts, enum finding_id id, const char *address)
{
	for (size_t i = 0; i < facts->n; i++)
		if (facts->list[i].id == id &&
			streq_null(facts->list[i].address, address))
			return &facts->list[i];
	return NULL;
}

char *fact_sentence(const struct fact *fact)
{
	return text_printf("%s%s%s", fact->text, fact->fix ? " " : "", fact->fix ?: "");
}
