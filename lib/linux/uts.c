/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uts.c - sethostname(2), setdomainname(2).
 *
 * OCI: /hostname, /domainname
 */
#include "linux/uts.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "kernel/ns.h"
#include "linux/namespaces.h"

#define UTS_NAME_MAX 64 /* __NEW_UTS_LEN */

static int check_name(const struct spec *s, const char *name, const char *field,
		      struct err *e)
{
	if (str_empty(name))
		return 0;
	if (!namespaces_has(s, NS_UTS))
		return err_at(e,
			      err_config(e,
					 "'%s' would be set on the host: there is no uts "
					 "namespace in /linux/namespaces",
					 name),
			      "%s", field);
	if (strlen(name) > UTS_NAME_MAX)
		return err_at(e,
			      err_config(e, "%zu bytes long, the kernel takes %d",
					 strlen(name), UTS_NAME_MAX),
			      "%s", field);
	return 0;
}

int uts_check(const struct spec *s, struct err *e)
{
	int r = check_name(s, s->hostname, "/hostname", e);

	return r < 0 ? r : check_name(s, s->domainname, "/domainname", e);
}

int uts_init(const struct plan *p, struct inside *in, struct err *e)
{
	const struct spec *s = p->spec;
	int r;

	(void)in;
	if (!str_empty(s->hostname)) {
		r = sys_sethostname(s->hostname);
		if (r < 0)
			return err_at(e, err_sys(e, r, "sethostname", s->hostname),
				      "/hostname");
	}
	if (!str_empty(s->domainname)) {
		r = sys_setdomainname(s->domainname);
		if (r < 0)
			return err_at(e, err_sys(e, r, "setdomainname", s->domainname),
				      "/domainname");
	}
	return 0;
}
