// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/methods.h"
#include "core/method/method.h"
#include "core/method/methods.h"

#define AUTO "auto"

/* "auto" comes before the first row, and after the last. */
static const char *method_after(const char *name)
{
	size_t i = 0;

	while (!streq(name, AUTO) && method_table[i] &&
		!streq(method_table[i++]->name, name))
		;
	return method_table[i] ? method_table[i]->name : AUTO;
}

void method_cycle(struct wizard *w, const char *address)
{
	const struct claim *c = claims_find(&w->request.claims, address);
	const struct method *method;
	const char *name;

	if (!c)
		return;
	name = method_after(c->method);
	claims_set(&w->request.claims, address, c->id, c->subsystem, name);
	method = method_find(name);
	wizard_say(w, ROLE_TEXT, "%s: method %s, %s.", address, name,
		method ? method->summary
		       : "pciferry chooses; the plan says which and why");
}

bool method_is_auto(const struct wizard *w, const char *address)
{
	const struct claim *c = claims_find(&w->request.claims, address);

	return c && streq(c->method, AUTO);
}
