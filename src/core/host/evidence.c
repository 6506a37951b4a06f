// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host/evidence.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <stdarg.h>

static void copies_free(struct boot_copy *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].image);
		free(list[i].entry);
		free(list[i].linux_image);
	}
	free(list);
}

void evidence_say(struct evidence *e, enum confidence confidence, const char *fmt, ...)
{
	autofree char *text = NULL;
	char *both;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	both = text_printf("%s%s%s", e->why ?: "", e->why ? " " : "", text);
	free(e->why);
	e->why = both;
	if (confidence > e->confidence)
		e->confidence = confidence;
}

void evidence_done(struct evidence *e)
{
	free(e->why);
	free(e->no_prompt);
	free(e->by_default);
	copies_free(e->copies, e->n_copies);
	*e = (struct evidence){ 0 };
}

void evidence_free(struct evidence *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		evidence_done(&list[i]);
	free(list);
}

void generator_done(struct generator *g)
{
	free(g->why);
	free(g->off);
	free(g->off_fix);
	strv_free(g->images);
	*g = (struct generator){ 0 };
}

void generators_free(struct generator *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		generator_done(&list[i]);
	free(list);
}
