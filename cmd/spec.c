/* SPDX-License-Identifier: Apache-2.0 */
/* spec.c - `spec`: write a config.json to begin with. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "spec/default.h"

struct spec_args {
	const char *bundle;
	bool rootless;
};

static const struct opt spec_opts[] = {
	{ 'b', "bundle", OPT_STRING, offsetof(struct spec_args, bundle), "DIR",
	  "write to this directory instead of the current one" },
	{ 0, "rootless", OPT_FLAG, offsetof(struct spec_args, rootless), NULL,
	  "not supported yet" },
};

static int spec_run(const struct global_args *g, const void *args, char *const argv[],
		    struct err *e)
{
	const struct spec_args *a = args;
	const char *bundle = command_given(a->bundle);
	autofree char *path =
		str_dupf("%s%sconfig.json", bundle ? bundle : "", bundle ? "/" : "");
	bool has_cgroup2 = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0;
	autostr struct str out = { 0 };
	int r;

	(void)g;
	(void)argv;
	if (a->rootless)
		return err_unsupported(e, "a config.json for rootless containers is not "
					  "supported yet");
	spec_default_emit(has_cgroup2, &out);
	r = file_create_at(AT_FDCWD, path, str_text(&out), out.len, 0644);
	if (r == -EEXIST)
		return err_hint(e, err_state(e, r, "'%s' exists", path),
				"remove it first; tare does not overwrite it");
	return r < 0 ? err_sys(e, r, "create", path) : 0;
}

const struct command cmd_spec = {
	.name = "spec",
	.args = "",
	.brief = "write a config.json to begin with",
	.examples = "  mkdir -p web/rootfs/bin && cp /bin/busybox web/rootfs/bin/sh\n"
		    "  cd web && tare spec && tare run web\n",
	.args_size = sizeof(struct spec_args),
	OPTS(spec_opts),
	.run = spec_run,
};
