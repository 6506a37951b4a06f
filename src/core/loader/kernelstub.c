// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pop!_OS: kernelstub makes the entries of systemd-boot from its configuration, a JSON
 * file. Its own -d would reorder all options, so the list is edited and plain kernelstub
 * run (kernelstub/config.py, application.py).
 */
#include "core/base/strv.h"
#include "core/format/jsonlist.h"
#include "core/loader/loader.h"

#define CONFIGURATION "/etc/kernelstub/configuration"

static const char *const keys[] = { "user", "kernel_options", NULL };

static int read_words(const struct host *host, const struct evidence *e, bool with_ours,
	char ***ret, struct err *err)
{
	const struct file *f = host_file(host, CONFIGURATION);
	int r;

	(void)e;
	if (f->problem || !f->text)
		return err_set(
			err, -EIO, "%s", f->problem ?: CONFIGURATION " cannot be read.");
	r = json_list_read(f->path, f->text, keys, ret, err);
	if (r == 0 && !with_ours && *ret)
		kargs_without(*ret, host->claims.added);
	return r;
}

static void kernelstub_edit(
	struct draft *draft, const struct evidence *e, char *const *wanted)
{
	const char *text = host_text(draft->host, CONFIGURATION);
	autofree char *after = NULL;
	struct err err = { 0 };

	(void)e;
	draft->plan->claims.added = strv_copy(wanted);
	if (json_list_set(CONFIGURATION, text ?: "", keys, draft->host->claims.added,
		    wanted, &after, &err) < 0) {
		draft_finding(draft, FINDING_REFUSAL, FOUND_UNREADABLE_CONFIG, NULL, "%s",
			err.text);
		return;
	}
	draft_change(draft, CONFIGURATION, after,
		wanted ? "kernel command line" : "the words are not needed any more");
}

static const struct watched watched[] = { { .path = CONFIGURATION }, { 0 } };
static const char *const needs[] = { CONFIGURATION, "/usr/bin/kernelstub", NULL };
static const char *const kernelstub[] = { "/usr/bin/kernelstub", NULL };

const struct loader loader_kernelstub = {
	.id = "kernelstub",
	.title = "systemd-boot with kernelstub (Pop!_OS)",
	.by = BY_SYSTEMD_BOOT,
	.needs = needs,
	.watched = watched,
	.kargs = read_words,
	.edit = kernelstub_edit,
	.refresh = kernelstub,
	.refresh_why = "writes the kernel command line into the loader's entries",
	.artifact = "/boot/efi/loader/entries/Pop_OS-current.conf",
};
