// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/export/formats.h"
#include "core/export/export.h"
#include "core/plan/plan.h"

/* One file each. */
extern const struct export_format export_qemu, export_libvirt, export_proxmox;

const struct export_format *const export_table[] = {
	&export_qemu,
	&export_libvirt,
	&export_proxmox,
	NULL,
};

const struct export_format *export_find(const char *name)
{
	for (size_t i = 0; export_table[i]; i++)
		if (streq(export_table[i]->name, name))
			return export_table[i];
	return NULL;
}

char *export_text(const struct export_format *format, const struct export *e)
{
	autobuf struct buf out = { 0 };

	format->write(e, &out);
	return buf_take(&out);
}
