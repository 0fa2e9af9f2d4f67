/* SPDX-License-Identifier: Apache-2.0 */
/*
 * caps-verify.c - read back what confines the process; see caps_init_verify().
 *
 * /proc/self/status says it all at once; asking by prctl(2), which is what is left
 * without procfs, takes two calls for each capability.
 */
#include "process/caps.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/cred.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/procfs.h"

#define FEW_GROUPS 256

struct confinement {
	struct plan_caps caps;
	bool no_new_privs;
};

/* clang-format off */
static const struct {
	const char *line;  /* in /proc/PID/status */
	const char *field; /* below /process */
	size_t offset;	   /* in struct plan_caps */
} sets[] = {
	{ "CapInh:\t", "inheritable", offsetof(struct plan_caps, inheritable) },
	{ "CapPrm:\t", "permitted",   offsetof(struct plan_caps, permitted) },
	{ "CapEff:\t", "effective",   offsetof(struct plan_caps, effective) },
	{ "CapBnd:\t", "bounding",    offsetof(struct plan_caps, bounding) },
	{ "CapAmb:\t", "ambient",     offsetof(struct plan_caps, ambient) },
};
/* clang-format on */
static const char nnp_line[] = "NoNewPrivs:\t";

#define N_LINES (N_ELEMENTS(sets) + 1)

static uint64_t *set_at(struct plan_caps *c, size_t i)
{
	return (uint64_t *)((char *)c + sets[i].offset);
}

static int parse_hex(const char *s, uint64_t *ret)
{
	uint64_t v = 0;

	if (!*s || strlen(s) > 16)
		return -EBADMSG;
	for (; *s; s++) {
		const char *digits = "0123456789abcdef", *d = strchr(digits, *s);

		if (!d)
			return -EBADMSG;
		v = v << 4 | (uint64_t)(d - digits);
	}
	*ret = v;
	return 0;
}

/* 1 if the line is one that was looked for. */
static int parse_line(const char *line, struct confinement *c)
{
	const char *rest = str_after(line, nnp_line);

	if (rest) {
		c->no_new_privs = *rest == '1';
		return 1;
	}
	for (size_t i = 0; i < N_ELEMENTS(sets); i++) {
		rest = str_after(line, sets[i].line);
		if (rest)
			return parse_hex(rest, set_at(&c->caps, i)) < 0 ? -EBADMSG : 1;
	}
	return 0;
}

/* The Groups line may be as long as 65536 groups are; what is long is not ours. */
struct line {
	char text[64];
	size_t len;
};

static int feed(struct line *l, const char *data, size_t n, struct confinement *c,
		size_t *n_found)
{
	for (size_t i = 0; i < n; i++) {
		int r;

		if (data[i] != '\n') {
			if (l->len < sizeof(l->text) - 1)
				l->text[l->len++] = data[i];
			continue;
		}
		l->text[l->len] = '\0';
		l->len = 0;
		r = parse_line(l->text, c);
		if (r < 0)
			return r;
		*n_found += (size_t)r;
	}
	return 0;
}

static int read_status(int proc_fd, struct confinement *c)
{
	autofd int fd = procfs_open(proc_fd, "self/status", O_RDONLY);
	struct line line = { .len = 0 };
	size_t n_found = 0;
	char data[4096];
	ssize_t n = 0;
	int r;

	if (fd < 0)
		return fd;
	while (n_found < N_LINES && (n = sys_read(fd, data, sizeof(data))) > 0) {
		r = feed(&line, data, (size_t)n, c, &n_found);
		if (r < 0)
			return r;
	}
	if (n < 0)
		return (int)n;
	return n_found == N_LINES ? 0 : -EBADMSG;
}

static int ask_kernel(int last_cap, struct confinement *c)
{
	struct cap_sets s;
	int r = sys_capget(&s);

	if (r < 0)
		return r;
	*c = (struct confinement){ .caps = { .effective = s.effective,
					     .permitted = s.permitted,
					     .inheritable = s.inheritable } };
	for (int i = 0; i <= last_cap; i++) {
		int bounding = sys_capbset_read(i);
		int ambient = sys_cap_ambient_is_set(i);

		if (bounding < 0 || ambient < 0)
			return bounding < 0 ? bounding : ambient;
		c->caps.bounding |= (uint64_t)(bounding > 0) << i;
		c->caps.ambient |= (uint64_t)(ambient > 0) << i;
	}
	r = sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	if (r < 0)
		return r;
	c->no_new_privs = r > 0;
	return 0;
}

/*
 * Without no_new_privs the filter is loaded by now, and may refuse the questions of a
 * container that never asks them. What can be asked is; the rest is told by the calls
 * that made it so, none of which has failed.
 */
static int cannot_ask(const struct plan *p, const char *what, int r, struct err *e)
{
	if (!p->seccomp.is_set || p->spec->process.no_new_privileges)
		return err_sys(e, r, "read back", what);
	log_debug("self-check: the filter refuses to tell %s: %s", what, err_name(r));
	return 0;
}

static int verify_caps(const struct plan *p, int proc_fd, struct err *e)
{
	struct confinement c = { .no_new_privs = false };
	struct plan_caps want = p->caps;
	int r = proc_fd >= 0 ? read_status(proc_fd, &c) : -EBADF;

	if (r < 0)
		r = ask_kernel(p->host->last_cap, &c);
	if (r < 0)
		return cannot_ask(p, "capabilities", r, e);
	for (size_t i = 0; i < N_ELEMENTS(sets); i++) {
		if (*set_at(&c.caps, i) == *set_at(&want, i))
			continue;
		return err_at(e,
			      err_sys_msg(e, -EPERM, NULL, NULL,
					  "the kernel has 0x%" PRIx64 " where 0x%" PRIx64
					  " was set",
					  *set_at(&c.caps, i), *set_at(&want, i)),
			      "/process/capabilities/%s", sets[i].field);
	}
	/* The caller's own cannot be taken back, and does no harm. */
	if (p->spec->process.no_new_privileges && !c.no_new_privs)
		return err_at(
			e,
			err_sys_msg(e, -EPERM, NULL, NULL, "the kernel has not set it"),
			"/process/noNewPrivileges");
	return 0;
}

static int verify_id(const struct plan *p, int (*ask)(uint32_t ret[3]), uint32_t want,
		     const char *name, struct err *e)
{
	uint32_t got[3];
	int r = ask(got);

	if (r < 0)
		return cannot_ask(p, name, r, e);
	for (size_t i = 0; i < N_ELEMENTS(got); i++) {
		if (got[i] == want)
			continue;
		return err_at(e,
			      err_sys_msg(e, -EPERM, NULL, NULL,
					  "the kernel has %" PRIu32 " where %" PRIu32
					  " was set",
					  got[i], want),
			      "/process/user/%s", name);
	}
	return 0;
}

/*
 * The kernel keeps them sorted, the config mostly has them so: where the last one was
 * found is where the next one is looked for.
 */
static bool has_all(const gid_t *got, size_t n, const uint32_t *want)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		size_t tries = 0;

		while (tries < n && got[at] != want[i]) {
			at = at + 1 < n ? at + 1 : 0;
			tries++;
		}
		if (tries == n)
			return false;
	}
	return true;
}

/* -EINVAL: there are more than got has room for. */
static int compare_groups(const struct plan *p, gid_t *got, size_t size, struct err *e)
{
	const struct u32_list *want = &p->spec->process.user.additional_gids;
	int n = sys_getgroups(size, got);

	if (n < 0 && n != -EINVAL)
		return cannot_ask(p, "groups", n, e);
	if (n < 0 || (size_t)n != want->n || !has_all(got, want->n, want->v))
		return err_at(
			e,
			err_sys_msg(e, -EPERM, NULL, NULL, "the kernel has other groups"),
			"/process/user/additionalGids");
	return 0;
}

/* 256 KiB of stack, more than a caller's limit may allow: only where they are needed. */
static __attribute__((noinline)) int verify_many_groups(const struct plan *p,
							struct err *e)
{
	gid_t got[NGROUPS_MAX];

	return compare_groups(p, got, N_ELEMENTS(got), e);
}

static int verify_groups(const struct plan *p, struct err *e)
{
	gid_t got[FEW_GROUPS];

	if (p->spec->process.user.additional_gids.n > N_ELEMENTS(got))
		return verify_many_groups(p, e);
	return compare_groups(p, got, N_ELEMENTS(got), e);
}

int caps_init_verify(const struct plan *p, struct inside *in, struct err *e)
{
	const struct spec_user *u = &p->spec->process.user;
	int r = verify_id(p, sys_getresuid, u->uid, "uid", e);

	if (r == 0)
		r = verify_id(p, sys_getresgid, u->gid, "gid", e);
	if (r == 0 && !in->groups_left)
		r = verify_groups(p, e);
	return r < 0 ? r : verify_caps(p, in->proc_fd, e);
}
