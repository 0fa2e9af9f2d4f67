/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - the semantic rules of a config; see check.h.
 *
 * OCI: /ociVersion
 */
#include "container/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "init/hooks.h"
#include "linux/devices.h"
#include "linux/idmap.h"
#include "linux/namespaces.h"
#include "linux/paths.h"
#include "linux/seccomp.h"
#include "linux/sysctl.h"
#include "linux/uts.h"
#include "mounts/apply.h"
#include "plan.h"
#include "process/attrs.h"
#include "process/caps.h"
#include "process/cwd.h"
#include "process/env.h"
#include "process/exec.h"
#include "process/rlimits.h"
#include "process/terminal.h"
#include "process/user.h"
#include "root/rootfs.h"
#include "spec/config.h"

static bool is_digits(const char *s, size_t len)
{
	return len && strspn(s, "0123456789") >= len;
}

/* Semantic Versioning 2.0.0: MAJOR.MINOR.PATCH, then -pre-release and +build. */
static bool is_semver(const char *s)
{
	for (int part = 0; part < 3; part++) {
		size_t len = strspn(s, "0123456789");

		if (!is_digits(s, len) || (len > 1 && s[0] == '0'))
			return false;
		s += len;
		if (part < 2 && *s++ != '.')
			return false;
	}
	return !*s || ((*s == '-' || *s == '+') && s[1]);
}

static int version_check(const struct spec *s, struct err *e)
{
	if (!is_semver(s->oci_version))
		return err_at(e,
			      err_config(e, "'%s' is not a version as SemVer has them",
					 s->oci_version),
			      "/ociVersion");
	if (!str_after(s->oci_version, "1."))
		log_warn("config.json is written for runtime-spec %s, this is 1.3.0",
			 s->oci_version);
	return 0;
}

static int root_given(const struct spec *s, struct err *e)
{
	if (s->root.is_set)
		return 0;
	return err_at(e, err_config(e, "a container needs a root file system"), "/root");
}

typedef int check(const struct spec *s, struct err *e);

static check *const checks[] = {
	version_check,    root_given,    rootfs_check, mounts_check,   hooks_check,
	namespaces_check, idmap_check,   uts_check,    devices_check,  sysctl_check,
	paths_check,      seccomp_check, cgroup_check, user_check,     caps_check,
	rlimits_check,    env_check,     cwd_check,    terminal_check, attrs_check,
	exec_check,
};

int check_spec(const struct spec *s, const struct options *o, struct err *e)
{
	for (size_t i = 0; i < N_ELEMENTS(checks); i++) {
		int r = checks[i](s, e);

		if (r < 0)
			return r;
	}
	return terminal_check_options(s, o, e);
}

int check_locate(const struct spec *s, int r, struct err *e)
{
	if (!s || !e || !e->field[0] || e->line)
		return r;
	(void)spec_locate(s, e->field, &e->line, &e->col);
	if (e->line)
		str_elide(e->file, sizeof(e->file), s->name);
	/* "not supported yet: /pointer" says it already, as the parser does. */
	if (e->kind == ERR_UNSUPPORTED && str_after(e->msg, "not supported yet: "))
		e->field[0] = '\0';
	return r;
}
