// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints one walk on the running host, whatever else hangs on its devices:
 *   ADDRESS WHY     for a device it arrives at
 *   ? WHY           for a doubt it leaves
 *
 * usage: lifeline-walk mount POINT | interface NAME | session
 */
#include "core/lifeline/filesystem.h"
#include "core/lifeline/network.h"
#include "core/lifeline/session.h"
#include "core/lifeline/walk.h"
#include "core/scan/scan.h"

static int walk_point(struct trace *t, const char *point)
{
	autowalk struct walk w = { .trace = t, .user = point };
	const struct mount *m;
	int r = mounts_read(t->root, &t->mounts);

	m = r == 0 ? mounts_find(&t->mounts, point) : NULL;
	if (!m || !streq(m->point, point))
		return -ENOENT;
	walk_mount(&w, m);
	return 0;
}

static int run(struct trace *t, char **words)
{
	if (words[1] && words[2] && streq(words[1], "mount"))
		return walk_point(t, words[2]);
	if (words[1] && streq(words[1], "session"))
		trace_session(t);
	else if (words[1] && words[2] && streq(words[1], "interface"))
		trace_interface(t, words[2], words[2]);
	else
		return -EINVAL;
	return 0;
}

int main(int argc, char **argv)
{
	struct host *host = NULL;
	struct root *root = NULL;
	struct err err = { 0 };
	struct trace t = { .live = true, .lifeline = "walk" };
	int r;

	(void)argc;
	if (root_open("/", &root, &err) < 0 || host_scan(root, &host, &err) < 0)
		return fprintf(stderr, "%s\n", err.text), 1;
	t.root = root;
	t.host = host;
	r = run(&t, argv);
	for (size_t i = 0; i < host->n_devices; i++)
		for (size_t j = 0; j < host->devices[i].n_lifelines; j++)
			if (streq(host->devices[i].lifelines[j].name, "walk"))
				printf("%s %s\n", host->devices[i].address,
					host->devices[i].lifelines[j].why);
	for (size_t i = 0; i < t.n_doubts; i++) {
		printf("? %s\n", t.doubts[i].why);
		free(t.doubts[i].why);
	}
	free(t.doubts);
	mounts_done(&t.mounts);
	host_free(host);
	root_close(root);
	return r < 0 ? fprintf(stderr, "%s\n", strerrordesc_np(-r)), 1 : 0;
}
