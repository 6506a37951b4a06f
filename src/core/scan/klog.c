// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/scan/klog.h"
#include "core/base/buf.h"

#include <fcntl.h>
#include <inttypes.h>

/* The longest record: CONSOLE_EXT_LOG_MAX, kernel/printk/internal.h. */
#define RECORD_MAX 8192
/* As much as the largest ring that is common, 1 << CONFIG_LOG_BUF_SHIFT, holds. */
#define LOG_MAX ((size_t)8 << 20)

void klog_done(struct klog *log)
{
	for (size_t i = 0; i < log->n; i++)
		free(log->list[i].text);
	free(log->list);
	*log = (struct klog){ 0 };
}

/* A read is one record, and one that was overwritten meanwhile is -EPIPE. */
static int read_records(int fd, struct buf *b)
{
	char record[RECORD_MAX];

	while (b->len < LOG_MAX) {
		ssize_t n = read(fd, record, sizeof(record));

		if (n == 0 || (n < 0 && errno == EAGAIN))
			return 0;
		if (n < 0 && errno != EPIPE && errno != EINTR)
			return -errno;
		if (n > 0)
			buf_add(b, record, (size_t)n);
	}
	return 0;
}

/* "6,339,5140900,-;text"; lines that begin with a blank say more of the one above. */
static void klog_add_line(struct klog *log, char *line)
{
	char *text = strchr(line, ';');
	uint64_t usec;

	if (!text || sscanf(line, "%*u,%*u,%" SCNu64, &usec) != 1)
		return;
	GROW(log->list, log->n);
	log->list[log->n++] = (struct klog_line){ usec, xstrdup(text + 1) };
}

int klog_read(const struct root *root, struct klog *ret)
{
	autoclose int fd =
		root_openat(root, "/dev/kmsg", O_RDONLY | O_NOCTTY | O_NONBLOCK, 0);
	autobuf struct buf b = { 0 };
	autofree char *text = NULL;
	char *save = NULL;
	int r = fd < 0 ? fd : read_records(fd, &b);

	if (r < 0)
		return r;
	text = buf_take(&b);
	*ret = (struct klog){ 0 };
	for (char *line = strtok_r(text, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save))
		klog_add_line(ret, line);
	return 0;
}
