/* SPDX-License-Identifier: Apache-2.0 */
/* seccomp-none.c - a build without libseccomp; see seccomp.h. */
#include "linux/seccomp.h"

#include "base/err.h"

int seccomp_check(const struct spec *s, struct err *e)
{
	if (!s->linux.seccomp.is_set)
		return 0;
	return err_at(e, err_unsupported(e, "this build has no libseccomp"),
		      "/linux/seccomp");
}

int seccomp_plan(const struct spec *s, const struct host *h, struct plan *p,
		 struct err *e)
{
	(void)h;
	p->seccomp = (struct plan_seccomp){ .is_set = false };
	return seccomp_check(s, e);
}

int seccomp_install(const struct plan *p, struct inside *in, struct err *e)
{
	(void)in;
	return seccomp_check(p->spec, e);
}

bool seccomp_is_built(void)
{
	return false;
}

const char *seccomp_library_version(struct arena *a)
{
	(void)a;
	return NULL;
}

const char *const *seccomp_flag_names(struct arena *a)
{
	return arena_calloc(a, 1, sizeof(const char *));
}
