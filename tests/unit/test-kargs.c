// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel command line, as lib/cmdline.c and kernel/params.c of Linux read it. */
#include "support.h"
#include "core/format/modlist.h"
#include "core/format/kargs.h"

static void test_split(void **state)
{
	static const struct {
		const char *line, *words; /* with | between */
	} cases[] = {
		{ "", "" },
		{ " \t ", "" },
		{ "quiet", "quiet" },
		{ "  quiet   splash\t", "quiet|splash" },
		{ "a=1 a=2 a=1", "a=1|a=2|a=1" },
		{ "a=\"b c\" d", "a=\"b c\"|d" },
		{ "\"a b=c\" d", "\"a b=c\"|d" },
		{ "a=b\"c d\"e f", "a=b\"c d\"e|f" },
		{ "a=\"never closed b", "a=\"never closed b" },
		{ "a\rb\nc", "a|b|c" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autostrv char **words = NULL;
		autofree char *joined = NULL;

		words = kargs_split(cases[i].line);
		joined = strv_join(words, "|");
		check_text(cases[i].line, joined, cases[i].words);
	}
}

static void test_value(void **state)
{
	static const struct {
		const char *line, *name, *value;
	} cases[] = {
		{ "", "iommu", NULL },
		{ "iommu", "iommu", "" },
		{ "iommu=", "iommu", "" },
		{ "iommu=pt", "iommu", "pt" },
		{ "iommu=pt iommu=off", "iommu", "off" }, /* the last one wins */
		{ "intel_iommu=on", "iommu", NULL },
		{ "iommufd=on", "iommu", NULL },
		{ "intel-iommu=on", "intel_iommu", "on" },
		{ "vfio_pci.ids=a", "vfio-pci.ids", "a" },
		{ "vfio-pci.ids=a vfio_pci.ids=b", "vfio-pci.ids", "b" },
		{ "vfio-pci.idsx=a", "vfio-pci.ids", NULL },
		{ "vfio-pci=a", "vfio-pci.ids", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autostrv char **words = NULL;

		words = kargs_split(cases[i].line);
		check_text(
			cases[i].line, kargs_value(words, cases[i].name), cases[i].value);
	}
	assert_null(kargs_value(NULL, "iommu"));
}

static void test_value_has(void **state)
{
	static const struct {
		const char *line, *name, *item;
		bool has;
	} cases[] = {
		{ "intel_iommu=on,sm_on", "intel_iommu", "on", true },
		{ "intel_iommu=sm_on,on", "intel_iommu", "on", true },
		{ "intel_iommu=sm_on", "intel_iommu", "on", false },
		{ "intel_iommu=on2", "intel_iommu", "on", false },
		{ "intel_iommu=", "intel_iommu", "on", false },
		{ "intel_iommu", "intel_iommu", "on", false },
		{ "intel_iommu=,on", "intel_iommu", "on", true },
		{ "quiet", "intel_iommu", "on", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autostrv char **words = NULL;

		words = kargs_split(cases[i].line);
		check_number(cases[i].line,
			kargs_value_has(words, cases[i].name, cases[i].item),
			cases[i].has);
	}
}

/* Lists of modules: /etc/modules and its kin. */
static void test_module_list(void **state)
{
	static const struct {
		const char *text;
		bool has;
	} cases[] = {
		{ NULL, false },
		{ "", false },
		{ "vfio-pci", true },
		{ "vfio_pci\n", true },
		{ "  vfio-pci ids=10de:1e84\n", true },
		{ "vfio\nvfio-pci\r\n", true },
		{ "# vfio-pci\n", false },
		{ "#vfio-pci\n", false },
		{ "vfio-pci-core\n", false },
		{ "vfio\n", false },
		{ "x vfio-pci\n", false },
		{ "vfio-pci# comment\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool has = !cases[i].has;

		has = module_list_has(cases[i].text, "vfio-pci");
		check_number(cases[i].text ?: "NULL", has, cases[i].has);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_split),
		TEST(test_value),
		TEST(test_value_has),
		TEST(test_module_list),
	};

	return RUN(tests);
}
