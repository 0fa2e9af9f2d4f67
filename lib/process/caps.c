/* SPDX-License-Identifier: Apache-2.0 */
/*
 * caps.c - plan and apply capabilities; capabilities(7).
 *
 * OCI: /process/capabilities/bounding, effective, permitted, inheritable, ambient
 *
 * The kernel's conditions shape the plan: effective lies in permitted, inheritable in
 * the bounding set and in what the process had, ambient in permitted and inheritable.
 */
#include "process/caps.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/cred.h"

/* clang-format off */
static const char *const names[] = {
	[CAP_CHOWN]		 = "CAP_CHOWN",
	[CAP_DAC_OVERRIDE]	 = "CAP_DAC_OVERRIDE",
	[CAP_DAC_READ_SEARCH]	 = "CAP_DAC_READ_SEARCH",
	[CAP_FOWNER]		 = "CAP_FOWNER",
	[CAP_FSETID]		 = "CAP_FSETID",
	[CAP_KILL]		 = "CAP_KILL",
	[CAP_SETGID]		 = "CAP_SETGID",
	[CAP_SETUID]		 = "CAP_SETUID",
	[CAP_SETPCAP]		 = "CAP_SETPCAP",
	[CAP_LINUX_IMMUTABLE]	 = "CAP_LINUX_IMMUTABLE",
	[CAP_NET_BIND_SERVICE]	 = "CAP_NET_BIND_SERVICE",
	[CAP_NET_BROADCAST]	 = "CAP_NET_BROADCAST",
	[CAP_NET_ADMIN]		 = "CAP_NET_ADMIN",
	[CAP_NET_RAW]		 = "CAP_NET_RAW",
	[CAP_IPC_LOCK]		 = "CAP_IPC_LOCK",
	[CAP_IPC_OWNER]		 = "CAP_IPC_OWNER",
	[CAP_SYS_MODULE]	 = "CAP_SYS_MODULE",
	[CAP_SYS_RAWIO]		 = "CAP_SYS_RAWIO",
	[CAP_SYS_CHROOT]	 = "CAP_SYS_CHROOT",
	[CAP_SYS_PTRACE]	 = "CAP_SYS_PTRACE",
	[CAP_SYS_PACCT]		 = "CAP_SYS_PACCT",
	[CAP_SYS_ADMIN]		 = "CAP_SYS_ADMIN",
	[CAP_SYS_BOOT]		 = "CAP_SYS_BOOT",
	[CAP_SYS_NICE]		 = "CAP_SYS_NICE",
	[CAP_SYS_RESOURCE]	 = "CAP_SYS_RESOURCE",
	[CAP_SYS_TIME]		 = "CAP_SYS_TIME",
	[CAP_SYS_TTY_CONFIG]	 = "CAP_SYS_TTY_CONFIG",
	[CAP_MKNOD]		 = "CAP_MKNOD",
	[CAP_LEASE]		 = "CAP_LEASE",
	[CAP_AUDIT_WRITE]	 = "CAP_AUDIT_WRITE",
	[CAP_AUDIT_CONTROL]	 = "CAP_AUDIT_CONTROL",
	[CAP_SETFCAP]		 = "CAP_SETFCAP",
	[CAP_MAC_OVERRIDE]	 = "CAP_MAC_OVERRIDE",
	[CAP_MAC_ADMIN]		 = "CAP_MAC_ADMIN",
	[CAP_SYSLOG]		 = "CAP_SYSLOG",
	[CAP_WAKE_ALARM]	 = "CAP_WAKE_ALARM",
	[CAP_BLOCK_SUSPEND]	 = "CAP_BLOCK_SUSPEND",
	[CAP_AUDIT_READ]	 = "CAP_AUDIT_READ",
	[CAP_PERFMON]		 = "CAP_PERFMON",
	[CAP_BPF]		 = "CAP_BPF",
	[CAP_CHECKPOINT_RESTORE] = "CAP_CHECKPOINT_RESTORE",
};
/* clang-format on */

/* clang-format off */
static const struct {
	const char *field;
	size_t offset; /* in struct spec_capabilities */
} lists[] = {
	{ "bounding",	 offsetof(struct spec_capabilities, bounding) },
	{ "permitted",	 offsetof(struct spec_capabilities, permitted) },
	{ "effective",	 offsetof(struct spec_capabilities, effective) },
	{ "inheritable", offsetof(struct spec_capabilities, inheritable) },
	{ "ambient",	 offsetof(struct spec_capabilities, ambient) },
};
/* clang-format on */

static uint64_t bit(int cap)
{
	return UINT64_C(1) << cap;
}

const char *caps_name(int cap)
{
	return cap >= 0 && cap < caps_count() ? names[cap] : NULL;
}

int caps_count(void)
{
	return (int)N_ELEMENTS(names);
}

int caps_parse(const char *name)
{
	size_t prefix = strncasecmp(name, "CAP_", 4) == 0 ? 4 : 0;

	for (int i = 0; i < caps_count(); i++) {
		if (strcasecmp(name + prefix, names[i] + 4) == 0)
			return i;
	}
	return -EINVAL;
}

/* A name nobody could mean; one nobody knows is a matter for a warning. */
int caps_check(const struct spec *s, struct err *e)
{
	for (size_t i = 0; i < N_ELEMENTS(lists); i++) {
		const struct str_list *l =
			(const void *)((const char *)&s->process.capabilities +
				       lists[i].offset);

		for (size_t j = 0; j < l->n; j++) {
			if (!*l->v[j])
				return err_at(e, err_config(e, "an empty name"),
					      "/process/capabilities/%s/%zu",
					      lists[i].field, j);
		}
	}
	return 0;
}

static bool has_word(const struct str *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = str_text(list); (p = strstr(p, word)); p += len) {
		bool starts = p == list->s || p[-1] == ' ';

		if (starts && (!p[len] || p[len] == ','))
			return true;
	}
	return false;
}

/* The names of a list as bits; the unknown ones are gathered in words, each once. */
static uint64_t mask_of(const struct str_list *l, struct str *unknown)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < l->n; i++) {
		int cap = caps_parse(l->v[i]);

		if (cap >= 0)
			mask |= bit(cap);
		else if (!has_word(unknown, l->v[i]))
			str_addf(unknown, "%s%s", unknown->len ? ", " : "", l->v[i]);
	}
	return mask;
}

/* Root of a user namespace has them all in it, whatever the caller has outside. */
static uint64_t grantable(const struct host *h, const struct plan *p, uint64_t outside)
{
	uint64_t known = (bit(h->last_cap) - 1) | bit(h->last_cap);

	if ((p->ns.new_flags | p->ns.join_flags) & CLONE_NEWUSER)
		return known;
	return outside & known;
}

static void add_names(struct str *text, uint64_t mask, const char *before)
{
	const char *separator = before;

	for (int i = 0; i < caps_count(); i++) {
		if (!(mask & bit(i)))
			continue;
		str_addf(text, "%s%s", separator, names[i]);
		separator = ", ";
	}
}

/* One line for all, but in two parts: it is for the caller or for the config to mend. */
static void warn_refused(uint64_t lacking, uint64_t dependent)
{
	autostr struct str text = { 0 };

	add_names(&text, lacking, ": cannot be granted here: ");
	if (dependent & ~lacking) {
		add_names(&text, dependent & ~lacking, ": ");
		str_add(&text,
			" only in a set that depends on others (effective on "
			"permitted, inheritable on bounding, ambient on permitted and "
			"inheritable)");
	}
	if (text.len)
		log_warn("/process/capabilities%s", text.s);
}

int caps_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	const struct spec_capabilities *c = &s->process.capabilities;
	autostr struct str unknown = { 0 };
	const struct plan_caps asked = {
		.bounding = mask_of(&c->bounding, &unknown),
		.permitted = mask_of(&c->permitted, &unknown),
		.effective = mask_of(&c->effective, &unknown),
		.inheritable = mask_of(&c->inheritable, &unknown),
		.ambient = mask_of(&c->ambient, &unknown),
	};
	uint64_t mine = grantable(h, p, h->caps.permitted);
	struct plan_caps got;

	(void)e;
	got.bounding = asked.bounding & grantable(h, p, h->cap_bounding);
	got.permitted = asked.permitted & mine;
	got.effective = asked.effective & got.permitted;
	got.inheritable = asked.inheritable & mine & got.bounding;
	got.ambient = asked.ambient & got.permitted & got.inheritable;
	p->caps = got;

	if (unknown.len)
		log_warn("/process/capabilities: no such capability: %s", unknown.s);
	warn_refused((asked.bounding & ~got.bounding) |
			     ((asked.permitted | asked.effective | asked.inheritable |
			       asked.ambient) &
			      ~mine),
		     (asked.effective & ~got.effective) |
			     (asked.inheritable & ~got.inheritable) |
			     (asked.ambient & ~got.ambient));
	return 0;
}

/* Only what is there: a drop costs a call for each of some thirty. */
int caps_init_bounding(const struct plan *p, struct inside *in, struct err *e)
{
	uint64_t drop = grantable(p->host, p, p->host->cap_bounding) & ~p->caps.bounding;

	(void)in;
	for (int i = 0; i <= p->host->last_cap; i++) {
		int r = drop & bit(i) ? sys_capbset_drop(i) : 0;

		if (r < 0)
			return err_at(e,
				      err_sysf(e, r, "drop", "%s (%d)",
					       caps_name(i) ? caps_name(i) : "capability",
					       i),
				      "/process/capabilities/bounding");
	}
	return 0;
}

static int set_ambient(uint64_t ambient, struct err *e)
{
	int r = sys_cap_ambient_clear();

	if (r < 0)
		return err_sys(e, r, "clear", "ambient capabilities");
	for (int i = 0; i < caps_count(); i++) {
		r = ambient & bit(i) ? sys_cap_ambient_raise(i) : 0;
		if (r < 0)
			return err_sys(e, r, "raise", names[i]);
	}
	return 0;
}

int caps_init_set(const struct plan *p, struct inside *in, struct err *e)
{
	const struct cap_sets sets = {
		.effective = p->caps.effective,
		.permitted = p->caps.permitted,
		.inheritable = p->caps.inheritable,
	};
	int r;

	(void)in;
	r = sys_capset(&sets);
	if (r < 0)
		return err_at(e, err_sys(e, r, "capset", NULL), "/process/capabilities");
	r = set_ambient(p->caps.ambient, e);
	return r < 0 ? err_at(e, r, "/process/capabilities/ambient") : 0;
}
