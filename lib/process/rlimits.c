/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rlimits.c - prlimit(2).
 *
 * OCI: /process/rlimits
 */
#include "process/rlimits.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/resource.h>

#include "base/err.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/process.h"

/* clang-format off */
static const struct {
	const char *type;
	int resource;
} known[] = {
	{ "RLIMIT_AS",		RLIMIT_AS },
	{ "RLIMIT_CORE",	RLIMIT_CORE },
	{ "RLIMIT_CPU",		RLIMIT_CPU },
	{ "RLIMIT_DATA",	RLIMIT_DATA },
	{ "RLIMIT_FSIZE",	RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS",	RLIMIT_LOCKS },
	{ "RLIMIT_MEMLOCK",	RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE",	RLIMIT_MSGQUEUE },
	{ "RLIMIT_NICE",	RLIMIT_NICE },
	{ "RLIMIT_NOFILE",	RLIMIT_NOFILE },
	{ "RLIMIT_NPROC",	RLIMIT_NPROC },
	{ "RLIMIT_RSS",		RLIMIT_RSS },
	{ "RLIMIT_RTPRIO",	RLIMIT_RTPRIO },
	{ "RLIMIT_RTTIME",	RLIMIT_RTTIME },
	{ "RLIMIT_SIGPENDING",	RLIMIT_SIGPENDING },
	{ "RLIMIT_STACK",	RLIMIT_STACK },
};
/* clang-format on */

static int find(const char *type)
{
	for (size_t i = 0; i < N_ELEMENTS(known); i++) {
		if (str_eq(type, known[i].type))
			return (int)i;
	}
	return -EINVAL;
}

static int check_one(const struct spec_rlimit *l, size_t seen[N_ELEMENTS(known)],
		     size_t i, struct err *e)
{
	int at = find(l->type);

	if (at < 0)
		return err_at(e, err_config(e, "no resource is called '%s'", l->type),
			      "/type");
	if (seen[at])
		return err_config(e,
				  "a second limit for %s, the first is "
				  "/process/rlimits/%zu",
				  l->type, seen[at] - 1);
	seen[at] = i + 1;
	if (l->soft > l->hard)
		return err_at(e,
			      err_config(e,
					 "%s: soft limit %" PRIu64 " is above hard limit "
					 "%" PRIu64,
					 l->type, l->soft, l->hard),
			      "/soft");
	return 0;
}

int rlimits_check(const struct spec *s, struct err *e)
{
	const struct spec_rlimit_list *l = &s->process.rlimits;
	size_t seen[N_ELEMENTS(known)] = { 0 };

	for (size_t i = 0; i < l->n; i++) {
		int r = check_one(&l->v[i], seen, i, e);

		if (r < 0)
			return err_at(e, r, "/process/rlimits/%zu", i);
	}
	return 0;
}

/* The usual refusal is a hard limit above the one that is: say both numbers. */
static int refused(const struct spec_rlimit *l, int resource, pid_t pid, int r,
		   struct err *e)
{
	struct rlimit64 now;

	if (r != -EPERM || sys_prlimit(pid, resource, NULL, &now) < 0 ||
	    l->hard <= now.rlim_max)
		return err_sys(e, r, "prlimit", l->type);
	r = err_sys_msg(e, r, "prlimit", l->type,
			"the hard limit cannot be raised from %" PRIu64 " to %" PRIu64,
			(uint64_t)now.rlim_max, l->hard);
	return err_hint(
		e, r,
		"raising a hard limit takes CAP_SYS_RESOURCE; without it ask for at "
		"most %" PRIu64,
		(uint64_t)now.rlim_max);
}

static int set_all(const struct plan *p, pid_t pid, struct err *e)
{
	const struct spec_rlimit_list *l = &p->spec->process.rlimits;

	for (size_t i = 0; i < l->n; i++) {
		const struct rlimit64 limit = { .rlim_cur = l->v[i].soft,
						.rlim_max = l->v[i].hard };
		int at = find(l->v[i].type), resource, r;

		if (at < 0)
			return rlimits_check(p->spec, e);
		resource = known[at].resource;
		r = sys_prlimit(pid, resource, &limit, NULL);
		if (r < 0)
			return err_at(e, refused(&l->v[i], resource, pid, r, e),
				      "/process/rlimits/%zu", i);
	}
	return 0;
}

bool rlimits_by_host(const struct plan *p)
{
	return p->host->caps.effective >> CAP_SYS_RESOURCE & 1;
}

int rlimits_host(const struct plan *p, pid_t pid, struct err *e)
{
	return rlimits_by_host(p) ? set_all(p, pid, e) : 0;
}

int rlimits_init(const struct plan *p, struct inside *in, struct err *e)
{
	(void)in;
	return set_all(p, 0, e);
}
