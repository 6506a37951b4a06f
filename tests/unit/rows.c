// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"

static const char kernel[] =
	"kernel 6.1 running\n"
	"module 6.1 vfio-pci\n"
	"module 6.1 nouveau pci:v000010DEd*sv*sd*bc03sc*i*\n"
	"module 6.1 snd-hda-intel pci:v000010DEd*sv*sd*bc04sc03i00*\n"
	"module 6.1 xhci-pci pci:v*d*sv*sd*bc0Csc03i30*\n"
	"module 6.1 igb pci:v00008086d00001533sv*sd*bc*sc*i*\n"
	"module 6.1 r8169 builtin\n";

static const char base[] =
	"driver xhci_hcd xhci-pci\n"
	"device 0000:00:00.0 group=0 class=060000 id=8086:4660\n"
	"device 0000:00:01.0 group=1 class=060400 id=8086:460d driver=pcieport bus=01\n"
	"device 0000:00:02.0 group=2 class=030000 id=8086:4680 driver=i915\n"
	"device 0000:01:00.0 group=16 class=030000 id=10de:1e84 sub=10de:139f driver=nouveau\n"
	"device 0000:01:00.1 group=16 class=040300 id=10de:10f8 driver=snd_hda_intel\n"
	"device 0000:01:00.2 group=16 class=0c0330 id=10de:1ad8 driver=xhci_hcd\n"
	"device 0000:01:00.3 group=16 class=0c8000 id=10de:1ad9\n"
	"device 0000:04:00.0 group=19 class=020000 id=8086:1533 driver=igb\n"
	"device 0000:05:00.0 group=20 class=020000 id=8086:1533 driver=igb\n"
	"device 0000:06:00.0 group=21 class=020000 id=10ec:8168 driver=r8169\n"
	"device 0000:07:00.0 group=22 class=040100 id=13f6:8788\n"
	"device 0000:07:01.0 group=22 class=0c0010 id=104c:8024\n"
	"device 0000:0f:00.0 class=088000 id=8086:09ab\n"
	"text proc/cpuinfo vendor_id : GenuineIntel\n"
	"text proc/cmdline root=/dev/sda1 ro quiet\n"
	"text usr/sbin/update-initramfs x\n"
	"text etc/initramfs-tools/modules # comment\n" DEBIAN_GRUB("");

static void check_finding(const char *what, const struct plan *plan,
	const struct expect *e, enum severity severity)
{
	for (size_t i = 0; i < plan->n_findings; i++) {
		const struct finding *f = &plan->findings[i];

		if (f->severity == severity && streq(finding_name(f), e->a) &&
			strstr(f->text, e->b))
			return;
	}
	complain("%s: no %s %s that says \"%s\"", what, severity_to_string(severity),
		e->a, e->b);
}

static char *commands_of(const struct plan *plan)
{
	autostrv char **lines = NULL;
	char *all = NULL;

	for (size_t i = 0; i < plan->steps.n_commands; i++) {
		autofree char *line = NULL;

		line = strv_join(plan->steps.commands[i].argv, " ");
		strv_add(&lines, line);
	}
	all = strv_join(lines, "; ");
	return all;
}

static bool must_hold(const struct plan *plan, const char *word, const char *path)
{
	for (size_t i = 0; i < plan->steps.n_artifacts; i++)
		if ((!path || streq(plan->steps.artifacts[i].path, path)) &&
			(!word[0] || strv_has(plan->steps.artifacts[i].holds, word)))
			return true;
	return false;
}

static const char *method_of(const struct plan *plan, const char *address)
{
	for (size_t i = 0; i < plan->n_chosen; i++)
		if (streq(plan->chosen[i].address, address))
			return plan->chosen[i].method;
	return NULL;
}

const char *forecast_of(const struct plan *plan, const char *address)
{
	for (size_t i = 0; i < plan->n_forecasts; i++)
		if (streq(plan->forecasts[i].address, address))
			return plan->forecasts[i].after;
	return NULL;
}

static const char *mark_of(const struct host *host, const char *address)
{
	const struct device *d = host_device(host, address);

	return d ? mark_to_string(host_group(host, d)->mark) : NULL;
}

static bool is_needed(const struct host *host, const char *address, const char *name)
{
	const struct device *d = host_device(host, address);

	for (size_t i = 0; d && i < d->n_lifelines; i++)
		if (streq(d->lifelines[i].name, name))
			return true;
	return false;
}

static void check_instruction(const char *what, const struct plan *plan, const char *text)
{
	strv_foreach (instruction, plan->instructions)
		if (strstr(instruction, text))
			return;
	complain("%s: no instruction says \"%s\"", what, text);
}

static void check_expect(const char *what, const struct host *host,
	const struct plan *plan, const struct expect *e)
{
	const char *text = e->kind <= IS ? plan_text(host, plan, e->a) : NULL;
	const struct finding *refusal = plan_refusal(plan);
	autofree char *commands = commands_of(plan);

	switch (e->kind) {
	case HOLDS:
		check_holds(what, text, e->b);
		break;
	case LACKS:
		if (text && strstr(text, e->b))
			complain("%s: %s holds \"%s\"", what, e->a, e->b);
		break;
	case IS:
		check_text(what, text, e->b);
		break;
	case REFUSED:
		check_finding(what, plan, e, FINDING_REFUSAL);
		break;
	case WARNED:
		check_finding(what, plan, e, FINDING_WARNING);
		break;
	case TOLD:
		check_finding(what, plan, e, FINDING_INFO);
		break;
	case SILENT:
		if (plan_finding(plan, e->a))
			complain("%s: finds %s", what, e->a);
		break;
	case METHOD:
		check_text(what, method_of(plan, e->a), e->b);
		break;
	case BECOMES:
		check_text(what, forecast_of(plan, e->a), e->b);
		break;
	case MARKED:
		check_text(what, mark_of(host, e->a), e->b);
		break;
	case NEEDED:
		if (!is_needed(host, e->a, e->b))
			complain("%s: %s is not needed as %s", what, e->a, e->b);
		break;
	case INSIDE:
		if (!must_hold(plan, e->a, e->b))
			complain("%s: %s need not hold \"%s\"", what,
				e->b ?: "what is made", e->a);
		break;
	case ALONE:
		if (must_hold(plan, "", e->a))
			complain("%s: %s is made", what, e->a);
		break;
	case RUNS:
		check_text(what, commands, e->a);
		break;
	case DO:
		check_instruction(what, plan, e->a);
		break;
	case ACCEPTED:
		if (refusal)
			complain("%s: refused: %s: %s", what, finding_name(refusal),
				refusal->text);
		break;
	case EMPTY:
		check_number(what, plan_is_empty(plan), true);
	}
}

/* Takes out of the text what begins so, up to a blank or a line's end. */
static void drop(char *text, const char *begin)
{
	for (char *at; (at = strstr(text, begin));) {
		char *end = at + strlen(begin) + strcspn(at + strlen(begin), " \n");

		memmove(at, end, strlen(end) + 1);
	}
}

void make_host(const char *lines)
{
	autofree char *text = NULL;

	assert_true(asprintf(&text, "%s%s%s\n", strstr(lines, NO_KERNEL) ? "" : kernel,
			    base, lines) >= 0);
	if (strstr(lines, NO_GROUPS))
		drop(text, " group=");
	if (strstr(lines, NO_VFIO))
		drop(text, "module 6.1 vfio-pci");
	tree_renew();
	tree_expand(text);
}

void check_row(const struct row *row)
{
	autofree char *before = tree_snapshot(NULL), *after = NULL;
	autohost struct host *host = tree_scan();
	autoplan struct plan *plan = make_plan(host, row->request);

	for (const struct expect *e = row->expect; e->kind; e++)
		check_expect(row->what, host, plan, e);
	after = tree_snapshot(NULL);
	check_same("planning changes nothing", before, after);
}

void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		make_host(rows[i].lines);
		check_row(&rows[i]);
	}
}
