// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/moves.h"
#include "backup/sysfs.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <stdarg.h>
#include <time.h>

#define PATH_SIZE 160
#define DEVICES "/sys/bus/pci/devices"
#define DRIVERS "/sys/bus/pci/drivers"
#define PROBE "/sys/bus/pci/drivers_probe"

/* Some drivers of graphics and disks take long to let go. */
#define LIMIT_S 30
/* A device that was removed comes back, and some drivers are probed behind its back. */
#define RESCAN_LIMIT_S 10
#define POLL_MS 100

static void moves_tell(const struct mover *m, const char *fmt, ...) PRINTF(2, 3);
static void moves_tell(const struct mover *m, const char *fmt, ...)
{
	autofree char *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	line = text_vprintf(fmt, ap);
	va_end(ap);
	if (m->progress && m->progress->output)
		m->progress->output(m->progress->data, line);
}

/* The driver a device is on, NULL for none. */
static int read_driver(const struct root *root, const char *address, char **ret)
{
	char path[PATH_SIZE];
	int r;

	*ret = NULL;
	(void)snprintf(path, sizeof(path), DEVICES "/%.16s/driver", address);
	r = root_link_name(root, path, ret);
	return r == -ENOENT ? 0 : r;
}

/* What driver_override says, NULL for none: "(null)" is the kernel's word for that. */
static int read_override(const struct root *root, const char *address, char **ret)
{
	autofree char *text = NULL;
	char path[PATH_SIZE];
	int r;

	*ret = NULL;
	(void)snprintf(path, sizeof(path), DEVICES "/%.16s/driver_override", address);
	r = root_read_attr(root, path, &text);
	if (r == 0 && text[0] && !streq(text, "(null)"))
		*ret = TAKE(text);
	return r;
}

static bool has_driver(const struct root *root, const char *driver)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), DRIVERS "/%.64s", driver);
	return root_exists(root, path);
}

static const char *or_none(const char *driver)
{
	return driver ?: "no driver";
}

/* -- writing ----------------------------------------------------------------------- */

/* doing names what the kernel is asked for: "let go of". */
static int write_attr(struct mover *m, const struct move *move, const char *path,
	const char *text, const char *driver, const char *doing, struct err *err)
{
	autofree char *where = NULL;
	int r;

	if (m->log_fd >= 0)
		dprintf(m->log_fd, "%s < %s%s", path, text,
			has_suffix(text, "\n") ? "" : "\n");
	r = sysfs_write(m->root, path, text, LIMIT_S, m->progress, &where);
	if (r == -ETIMEDOUT) {
		m->stuck = true;
		return err_set(err, r,
			"%s has not %s %s after %d seconds and hangs%s%s. End whatever uses the device; where that does not help, only a reboot does.",
			driver, doing, move->address, LIMIT_S,
			where ? " in the kernel's " : "", where ?: "");
	}
	if (r < 0)
		return err_errno(err, r,
			"%s has not %s %s (dmesg may say more): writing %s to %s", driver,
			doing, move->address, text, path);
	return 0;
}

static int write_override(
	struct mover *m, const struct move *move, const char *driver, struct err *err)
{
	char path[PATH_SIZE], text[80];

	(void)snprintf(
		path, sizeof(path), DEVICES "/%.16s/driver_override", move->address);
	(void)snprintf(text, sizeof(text), "%.64s\n", driver ?: ""); /* "\n" clears it */
	return write_attr(
		m, move, path, text, "The kernel", "taken an override for", err);
}

static int unbind(
	struct mover *m, const struct move *move, const char *driver, struct err *err)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), DRIVERS "/%.64s/unbind", driver);
	return write_attr(m, move, path, move->address, driver, "let go of", err);
}

/* -- loading ----------------------------------------------------------------------- */

static int run_modprobe(struct mover *m, const char *const *words, struct err *err)
{
	static const char *const programs[] = { "/usr/sbin/modprobe", "/sbin/modprobe" };
	const char *argv[6] = { NULL };
	size_t n = 1;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(programs) && r == 0; i++) {
		argv[0] = programs[i];
		r = exec_possible(m->root, programs[i], err);
	}
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, -ENOENT, "There is no modprobe on this host.");
	for (; words[n - 1] && n < ARRAY_SIZE(argv) - 1; n++)
		argv[n] = words[n - 1];
	return exec_command(
		m->root, (char *const *)argv, m->log_fd, -1, m->progress, err);
}

/* A module's driver may have another name: xhci_pci makes xhci_hcd. NULL: there is none.
 */
static char *driver_of_module(const struct root *root, const char *module)
{
	autostrv char **names = NULL;
	char path[PATH_SIZE];
	const char *name;

	(void)snprintf(path, sizeof(path), "/sys/module/%.64s/drivers", module);
	for (char *p = path; *p; p++)
		*p = *p == '-' ? '_' : *p;
	if (root_list(root, path, &names) < 0)
		return NULL;
	strv_foreach (entry, names)
		if ((name = after_prefix(entry, "pci:")))
			return xstrdup(name);
	return NULL;
}

/* Whether a device that is on driver now is where the moves say: they may name the
 * module. */
static bool is_driver(const struct root *root, const char *now, const char *name)
{
	autofree char *made = NULL;

	return streq_null(now, name) ||
	       (now && name && (made = driver_of_module(root, name)) && streq(made, now));
}

/* Makes sure that the driver is there, as udev would; *ret is its name. */
static int load_driver(
	struct mover *m, const struct move *move, char **ret, struct err *err)
{
	bool vfio = streq(move->after, "vfio-pci");
	autofree char *modalias = NULL;
	const char *words[] = { "-b", "-q", NULL, NULL };
	char path[PATH_SIZE];

	if (!has_driver(m->root, move->after) && vfio) {
		int r = run_modprobe(m, (const char *const[]){ "vfio-pci", NULL }, err);

		if (r < 0)
			return r;
	} else if (!has_driver(m->root, move->after)) {
		(void)snprintf(
			path, sizeof(path), DEVICES "/%.16s/modalias", move->address);
		if (root_read_attr(m->root, path, &modalias) == 0) {
			words[2] = modalias;
			(void)run_modprobe(m, words, err); /* what counts comes now */
		}
	}
	*ret = has_driver(m->root, move->after) ? xstrdup(move->after)
						: driver_of_module(m->root, move->after);
	return *ret ? 0
		    : err_set(err, -ENOENT,
			      "The driver %s for %s is not in the kernel, and modprobe did not bring it.",
			      move->after, move->address);
}

/* -- one move ---------------------------------------------------------------------- */

/* Success of a probe says nothing: the driver link does. */
static int check_driver(
	struct mover *m, const struct move *move, const char *want, struct err *err)
{
	autofree char *now = NULL;
	int r = read_driver(m->root, move->address, &now);

	if (r < 0)
		return err_errno(err, r, "Cannot see the driver of %s", move->address);
	if (streq_null(now, want))
		return 0;
	return err_set(err, -EIO,
		"%s has not taken %s, which is on %s now: dmesg may say why.",
		or_none(want), move->address, or_none(now));
}

static int move_one(struct mover *m, const struct move *move, struct err *err)
{
	autofree char *now = NULL, *want = NULL;
	struct err ignored;
	int r = read_driver(m->root, move->address, &now);

	if (r < 0)
		return err_errno(err, r, "Cannot see the driver of %s", move->address);
	if (move->after)
		r = load_driver(m, move, &want, err);
	/* While it is set no other driver can come in between. */
	if (r == 0)
		r = write_override(m, move, want, err);
	if (r == 0 && now && !streq_null(now, want))
		r = unbind(m, move, now, err);
	if (r == 0 && want && !streq_null(now, want))
		r = write_attr(m, move, PROBE, move->address, want, "taken", err);
	if (r == 0)
		r = check_driver(m, move, want, err);
	if (streq_null(want, move->override_after))
		return r;
	if (r == 0)
		return write_override(m, move, move->override_after, err);
	if (!m->stuck) /* it was for this try only */
		(void)write_override(m, move, move->override_after, &ignored);
	return r;
}

static int read_vfs(const struct root *root, const char *address, char **ret)
{
	char path[PATH_SIZE];

	*ret = NULL;
	(void)snprintf(path, sizeof(path), DEVICES "/%.16s/sriov_numvfs", address);
	return root_read_attr(root, path, ret);
}

/* The kernel takes a number only where there is none (drivers/pci/pci-sysfs.c). */
static int write_vfs(struct mover *m, const struct move *move, struct err *err)
{
	autofree char *now = NULL;
	char path[PATH_SIZE];
	int r = read_vfs(m->root, move->address, &now);

	if (r < 0)
		return err_errno(
			err, r, "Cannot see the virtual functions of %s", move->address);
	(void)snprintf(path, sizeof(path), DEVICES "/%.16s/sriov_numvfs", move->address);
	if (streq(now, move->after))
		return 0;
	if (!streq(now, "0"))
		r = write_attr(m, move, path, "0", "Its driver",
			"removed the virtual functions of", err);
	if (r == 0 && !streq(move->after, "0"))
		r = write_attr(m, move, path, move->after, "Its driver",
			"made virtual functions of", err);
	return r;
}

static int wait_for_driver(
	struct mover *m, const struct move *move, const char *want, struct err *err)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	int r = 0;

	for (int i = 0; i < RESCAN_LIMIT_S * 1000 / POLL_MS; i++) {
		r = check_driver(m, move, want, err);
		if (r == 0)
			break;
		(void)nanosleep(&pause, NULL);
		if (m->progress && m->progress->tick)
			m->progress->tick(m->progress->data);
	}
	return r;
}

static int rescan_one(struct mover *m, const struct move *move, struct err *err)
{
	autofree char *want = NULL;
	char path[PATH_SIZE];
	int r = move->after ? load_driver(m, move, &want, err) : 0;

	(void)snprintf(path, sizeof(path), DEVICES "/%.16s/remove", move->address);
	if (r == 0)
		r = write_attr(
			m, move, path, "1", or_none(move->before), "let go of", err);
	if (r == 0)
		r = write_attr(
			m, move, "/sys/bus/pci/rescan", "1", "The kernel", "found", err);
	(void)snprintf(path, sizeof(path), DEVICES "/%.16s", move->address);
	if (r == 0 && !root_exists(m->root, path))
		return err_set(err, -ENODEV,
			"%s did not come back: only a reboot brings it back.",
			move->address);
	return r < 0 || !want ? r : wait_for_driver(m, move, want, err);
}

static int do_move(struct mover *m, const struct move *move, struct err *err)
{
	return move->vfs      ? write_vfs(m, move, err)
	       : move->rescan ? rescan_one(m, move, err)
			      : move_one(m, move, err);
}

/* -- all of them ------------------------------------------------------------------- */

/* The same device as when the moves were made, and on a driver they know of. */
static int check_before(const struct root *root, const struct move *move, struct err *err)
{
	autofree char *vendor = NULL, *device = NULL, *now = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), DEVICES "/%.16s/vendor", move->address);
	r = root_read_attr(root, path, &vendor);
	(void)snprintf(path, sizeof(path), DEVICES "/%.16s/device", move->address);
	if (r == 0)
		r = root_read_attr(root, path, &device);
	if (r == 0)
		r = move->vfs ? read_vfs(root, move->address, &now)
			      : read_driver(root, move->address, &now);
	if (r < 0)
		return err_errno(err, r, "Cannot read %s", path);
	if (strncmp(after_prefix(vendor, "0x") ?: "", move->id, 4) != 0 ||
		!streq(after_prefix(device, "0x") ?: "", move->id + 5))
		return err_set(err, -ESTALE, "%s is another device now: look again.",
			move->address);
	if (now && !is_driver(root, now, move->before) &&
		!is_driver(root, now, move->after))
		return err_set(err, -ESTALE,
			"%s %s %s now, and %s before: someone else has changed that, so nothing was done.",
			move->address,
			move->vfs ? "has a number of virtual functions of"
				  : "is on the driver",
			now, or_none(move->before));
	return 0;
}

static struct move reversed(const struct move *move)
{
	return (struct move){
		.address = move->address,
		.id = move->id,
		.vfs = move->vfs,
		.before = move->after,
		.after = move->before,
		.override_before = move->override_after,
		.override_after = move->override_before,
	};
}

static void put_back(struct mover *m, const struct move *moves, size_t n, struct err *err)
{
	bool hangs = m->stuck; /* the last one: whoever asks it anything hangs too */

	for (size_t i = hangs ? n - 1 : n; i-- > 0;) {
		const struct move back = reversed(&moves[i]);
		size_t len = strlen(err->text);
		struct err problem;

		if (do_move(m, &back, &problem) == 0)
			continue;
		m->stuck = true;
		(void)snprintf(err->text + len, sizeof(err->text) - len,
			" And it could not be put back: %s", problem.text);
	}
}

int moves_run(struct mover *m, const struct move *moves, size_t n, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = check_before(m->root, &moves[i], err);
	for (size_t i = 0; r == 0 && i < n; i++) {
		moves_tell(m, "%s: from %s to %s%s", moves[i].address,
			or_none(moves[i].before), or_none(moves[i].after),
			moves[i].vfs ? " virtual functions" : "");
		r = do_move(m, &moves[i], err);
		if (r < 0)
			put_back(m, moves, i + 1, err);
	}
	return r;
}

/* Nothing is left to do for it: it is where the move leads to. */
static bool is_there(const struct root *root, const struct move *move)
{
	autofree char *driver = NULL, *override = NULL;

	if (move->vfs)
		return read_vfs(root, move->address, &driver) == 0 &&
		       streq(driver, move->after);
	return read_driver(root, move->address, &driver) == 0 &&
	       read_override(root, move->address, &override) == 0 &&
	       is_driver(root, driver, move->after) &&
	       streq_null(override, move->override_after);
}

int moves_back(const struct root *root, const struct move *moves, size_t n,
	struct steps *ret, struct err *err)
{
	int r = 0;

	for (size_t i = n; r == 0 && i-- > 0;) {
		const struct move back = reversed(&moves[i]);

		r = check_before(root, &back, err);
		if (r == 0 && !is_there(root, &back))
			steps_add_move(ret, &back);
	}
	return r;
}
