/* SPDX-License-Identifier: Apache-2.0 */
/*
 * features.c - `features`: print as JSON what this build knows.
 *
 * Engines run it without privilege, without PATH and before there is any container,
 * and take standard error for part of the document.
 */
#include "command.h"

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "tare.h"

static int features_run(const struct global_args *g, const void *args, char *const argv[],
			struct err *e)
{
	autofree char *text = NULL;
	autostr struct str out = { 0 };
	int r = tare_features(&text, e);

	(void)g;
	(void)args;
	(void)argv;
	if (r < 0)
		return r;
	str_add(&out, text);
	return command_print(&out, e);
}

const struct command cmd_features = {
	.name = "features",
	.args = "",
	.brief = "print what this build knows, as JSON",
	.is_query = true,
	.run = features_run,
};
