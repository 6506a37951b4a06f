// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of network interfaces in any text: a change there and back gives the same bytes.
 */
#include "fuzz.h"
#include "core/format/ifname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char new[] = "enp255s31f7";
	autofree char *text = fuzz_text(data, size);
	CLEANUP(ifnames_done) struct ifnames names = { 0 }, after = { 0 };

	ifnames_find(text, &names);
	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.list[i].name;
		autofree char *there = NULL, *back = NULL;

		MUST(ifname_is_hardware(name) && strstr(text, name));
		if (strstr(text, new))
			return 0;
		there = ifname_replace(text, name, new);
		back = ifname_replace(there, new, name);
		MUST(streq(text, back));
		MUST(!streq(text, there));
	}
	ifnames_find(text, &after);
	MUST(after.n == names.n);
	return 0;
}
