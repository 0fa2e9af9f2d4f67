/* SPDX-License-Identifier: Apache-2.0 */
/* commands.c - which commands and global options there are, and what commands share. */
#include "command.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

const struct command *const commands[] = {
	&cmd_create,   &cmd_start, &cmd_run,        &cmd_exec,  &cmd_kill,   &cmd_delete,
	&cmd_state,    &cmd_list,  &cmd_ps,         &cmd_pause, &cmd_resume, &cmd_spec,
	&cmd_features, &cmd_help,  &cmd_completion, NULL,
};

#define GLOBAL(member) offsetof(struct global_args, member)

/* clang-format off */
const struct opt global_opts[] = {
	{ 0, "root", OPT_STRING, GLOBAL(root), "DIR",
	  "where the state of containers is kept; a tmpfs, by default /run/tare, without "
	  "privilege $XDG_RUNTIME_DIR/tare" },
	{ 0, "log", OPT_STRING, GLOBAL(log), "FILE",
	  "append an error to this file, too" },
	{ 0, "log-format", OPT_STRING, GLOBAL(log_format), "FORMAT",
	  "text (the default) or json: how FILE is written" },
	{ 0, "log-level", OPT_STRING, GLOBAL(log_level), "LEVEL",
	  "error, warning or debug: what else is said, to FILE if there is one" },
	{ 0, "debug", OPT_FLAG, GLOBAL(debug), NULL,
	  "the same as --log-level debug" },
	{ 0, "cgroup-manager", OPT_STRING, GLOBAL(cgroup_manager), "NAME",
	  "cgroupfs (the default), or disabled: make no cgroup" },
	{ 0, "systemd-cgroup", OPT_FLAG, GLOBAL(systemd_cgroup), NULL,
	  "not supported yet: refused by commands that create a container" },
	{ 0, "rootless", OPT_STRING, GLOBAL(rootless), "BOOL",
	  "true, false or auto; accepted for other runtimes' callers" },
	{ 0, "criu", OPT_STRING, GLOBAL(criu), "PATH",
	  "ignored" },
	{ 'v', "version", OPT_FLAG, GLOBAL(version), NULL,
	  "print the version" },
	{ 'V', "version", OPT_FLAG, GLOBAL(version), NULL, NULL },
};
/* clang-format on */
const size_t n_global_opts = N_ELEMENTS(global_opts);

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

int command_print(const struct str *text, struct err *e)
{
	int r = file_write_fd(STDOUT_FILENO, str_text(text), text->len);

	return r < 0 ? err_sys(e, r, "write", "standard output") : 0;
}

const char *command_given(const char *value)
{
	return str_empty(value) ? NULL : value;
}

int command_check_manager(const struct global_args *g, struct err *e)
{
	bool is_systemd = g->systemd_cgroup || str_eq(g->cgroup_manager, "systemd");

	if (!is_systemd)
		return 0;
	return err_hint(
		e, err_unsupported(e, "cgroups by systemd are not supported yet"),
		"leave out --systemd-cgroup and --cgroup-manager systemd: tare then "
		"writes to cgroupfs itself");
}
