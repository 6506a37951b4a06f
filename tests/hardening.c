// SPDX-License-Identifier: GPL-2.0-or-later
/* A program for tests/check-hardening.sh: it has in it whatever hardening leaves a trace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	char on_stack[64]; /* a stack protector looks after it */
	char *sized =
		malloc((size_t)argc * 8); /* level 3 knows this size, level 2 does not */

	if (!sized)
		return EXIT_FAILURE;
	memcpy(sized, argv[0], strlen(argv[0]));
	(void)sprintf(on_stack, "%.32s", sized);
	(void)puts(on_stack);
	free(sized);
	return EXIT_SUCCESS;
}
