// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a boot loader takes in place of the kernel and the image in /boot: copies that
 * kernel-install keeps beside its entries, or a unified image. The commands for images
 * write them too, so they are artifacts like these.
 */
#include "core/loader/copies.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/loader/loader.h"

#define DIR "/loader/entries/"

static void copies_add_copy(struct evidence *e, size_t kernel, const char *entry,
	const char *image, const char *linux_image)
{
	struct boot_copy *c;

	GROW(e->copies, e->n_copies);
	c = &e->copies[e->n_copies++];
	c->kernel = kernel;
	c->image = xstrdup(image);
	c->entry = entry ? xstrdup(entry) : NULL;
	c->linux_image = linux_image ? xstrdup(linux_image) : NULL;
}

char *entry_value(const char *text, const char *key)
{
	autofree char *last = NULL;
	size_t len = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n'), line += !!line) {
		const char *value = line + len;

		if (strncmp(line, key, len) != 0 || (*value != ' ' && *value != '\t'))
			continue;
		value += strspn(value, " \t");
		free(last);
		last = xstrndup(value, strcspn(value, "\r\n"));
	}
	return TAKE(last);
}

/* Where a file is that the entry names, on the partition it is on; NULL for none. */
static char *entry_file(const struct probe *p, const struct file *entry, const char *key)
{
	autofree char *value = entry_value(entry->text, key), *path = NULL;
	int top = (int)(strstr(entry->path, DIR) - entry->path);

	if (!value)
		return NULL;
	path = text_printf("%.*s/%s", top, entry->path, value + strspn(value, "/"));
	return root_exists(p->root, path) ? TAKE(path) : NULL;
}

/* The last initrd of an entry: microcode stands before it, or alone. */
void copies_of_entry(const struct probe *p, const struct file *entry, size_t kernel,
	struct evidence *e)
{
	autofree char *image = entry_file(p, entry, "initrd");
	autofree char *linux_image = entry_file(p, entry, "linux");

	if (image && after_prefix(strrchr(image, '/') + 1, "init"))
		copies_add_copy(e, kernel, entry->path, image, linux_image);
}

/* "TOKEN-RELEASE.efi" of kernel-install, "linux-RELEASE-ID.efi" of dracut. */
static bool is_unified(const char *name, const char *release)
{
	const char *at = strstr(name, release);
	const char *end = at ? at + strlen(release) : "";

	return at && at > name && at[-1] == '-' && (*end == '-' || streq(end, ".efi")) &&
	       has_suffix(name, ".efi");
}

void copies_unified(const struct probe *p, struct evidence *e)
{
	static const char *const dirs[] = { "/efi/EFI/Linux", "/boot/efi/EFI/Linux",
		"/boot/EFI/Linux" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		autostrv char **names = NULL;

		if (root_list(p->root, dirs[i], &names) < 0)
			continue;
		for (size_t k = 0; k < p->host->n_kernels; k++)
			strv_foreach (name, names) {
				autofree char *path = NULL;

				if (!is_unified(name, p->host->kernels[k].release))
					continue;
				path = text_printf("%s/%s", dirs[i], name);
				copies_add_copy(e, k, NULL, path, NULL);
			}
	}
}

void copies_artifact(struct draft *draft, size_t command, const char *path,
	char *const *list, char *const *holds, const char *why)
{
	struct plan *plan = draft->plan;

	for (size_t i = 0; i < plan->steps.n_artifacts; i++)
		if (streq(plan->steps.artifacts[i].path, path)) /* of two entries */
			return;
	draft_artifact(draft, command, path, (const char *const *)list, holds, why);
	plan->steps.artifacts[plan->steps.n_artifacts - 1].replaced = true;
}
