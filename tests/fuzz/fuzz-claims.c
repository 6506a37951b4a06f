// SPDX-License-Identifier: GPL-2.0-or-later
/* /etc/pciferry/claims: what is read can be written, and means the same. */
#include "fuzz.h"
#include "core/host/claims.h"
#include "core/host/device.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = fuzz_text(data, size), *written = NULL;
	CLEANUP(claims_done) struct claims claims = { 0 }, again = { 0 };
	struct err err = { 0 };
	int r = claims_parse(text, &claims, &err);

	MUST(r == 0 || (r == -EINVAL && after_prefix(err.text, CLAIMS_PATH ":")));
	if (r < 0)
		return 0;
	for (size_t i = 0; i < claims.n; i++) {
		struct pci_address at;

		MUST(pci_address_parse(claims.list[i].address, &at) == 0);
		MUST(!strpbrk(claims.list[i].method, " \"'\\$`\n"));
	}
	written = claims_format(&claims);
	MUST(claims_parse(written, &again, &err) == 0);
	MUST(claims.n == 0 || claims_equal(&claims, &again));
	return 0;
}
