// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/existing/rules.h"
#include "core/base/strv.h"
#include "core/host/modprobe.h"
#include "core/initramfs/generators.h"

#define ABOVE_MAX 32

const struct device **rules_chain(const struct host *host, const struct device *d)
{
	const struct device **chain = xcalloc(ABOVE_MAX + 1, sizeof(*chain));

	for (size_t n = 0; d && n < ABOVE_MAX; n++) {
		chain[n] = d;
		d = d->bridge ? host_device(host, d->bridge) : NULL;
	}
	return chain;
}

/* What a package's own rule does is known, or nothing to worry about. */
static void drop_unclear(struct acts *acts, size_t from)
{
	size_t n = from;

	for (size_t i = from; i < acts->n; i++)
		if (acts->list[i].kind == ACT_UNCLEAR)
			act_done(&acts->list[i]);
		else
			acts->list[n++] = acts->list[i];
	acts->n = n;
}

void door_read_rules(const struct door_reader *r)
{
	size_t n;
	autofree const struct file **files =
		host_files_by_name(r->host, "/udev/rules.d/", &n);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (files[i]->text && udev_speaks(files[i]->text) &&
			path_is_users(files[i]->path))
			files[kept++] = files[i];
	for (size_t d = 0; d < r->host->n_devices; d++) {
		autofree const struct device **chain =
			rules_chain(r->host, &r->host->devices[d]);
		const struct udev_device device = { .chain = chain, .words = r->kargs };
		struct udev_override rule = { 0 };

		for (size_t i = 0; i < kept; i++) {
			struct script script = r->script;
			size_t before = r->ret->n;

			script.path = files[i]->path;
			script.stage = ACT_UDEV;
			udev_read(&script, files[i]->text, &device, &rule, r->ret);
			if (files[i]->packaged)
				drop_unclear(r->ret, before);
		}
		free(rule.driver);
	}
}

/* What vfio-pci's own line does comes before udev where the image loads that first. */
static enum act_stage stage_of(
	const struct door_reader *r, const struct modprobe_line *line)
{
	const struct generator *g = initramfs_pick(r->host, NULL);

	return module_name_equal(line->tokens[1], "vfio-pci") && g &&
			       g->row->loads(r->host, r->kargs) == IMAGE_LOADS_FIRST &&
			       g->row->holds(r->host, line->path)
		       ? ACT_IMAGE_EARLY
		       : ACT_UDEV;
}

/* That vfio-pci is loaded by them is the forecast's matter: it knows which modules are.
 */
void door_read_install(const struct door_reader *r)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines lines = { 0 };

	host_modprobe(r->host, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct modprobe_line *line = &lines.list[i];
		struct script script = r->script;
		size_t from = r->ret->n, n = from;
		autofree char *command = NULL;

		if (!streq(line->tokens[0], "install") || !line->tokens[1] ||
			!line->tokens[2] || !path_is_users(line->path))
			continue;
		command = strv_join(line->tokens + 2, " ");
		script.path = line->path;
		script.stage = stage_of(r, line);
		script_read_command(&script, command, line->line, r->ret);
		for (size_t j = from; j < r->ret->n; j++)
			if (r->ret->list[j].kind == ACT_LOAD)
				act_done(&r->ret->list[j]);
			else
				r->ret->list[n++] = r->ret->list[j];
		r->ret->n = n;
	}
}
