/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user.c - setgroups(2), setresgid(2), setresuid(2), umask(2).
 *
 * OCI: /process/user/uid, /process/user/gid, /process/user/additionalGids,
 *      /process/user/umask
 *
 * (uid_t)-1 means "leave it" to the kernel: as an id of the config it would be root.
 */
#include "process/user.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/cred.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/procfs.h"

#define ID_NONE   UINT32_MAX
#define UMASK_MAX 0777

static int check_id(uint32_t id, struct err *e)
{
	if (id == ID_NONE)
		return err_config(e, "%" PRIu32 " is no id: the highest is %" PRIu32, id,
				  ID_NONE - 1);
	return 0;
}

static int check_groups(const struct u32_list *l, struct err *e)
{
	if (l->n > NGROUPS_MAX)
		return err_config(e, "%zu groups, the kernel takes %d", l->n,
				  NGROUPS_MAX);
	for (size_t i = 0; i < l->n; i++) {
		int r = check_id(l->v[i], e);

		if (r < 0)
			return err_at(e, r, "/%zu", i);
	}
	return 0;
}

int user_check(const struct spec *s, struct err *e)
{
	const struct spec_user *u = &s->process.user;
	int r;

	if (!s->process.is_set)
		return 0;
	r = check_id(u->uid, e);
	if (r < 0)
		return err_at(e, r, "/process/user/uid");
	r = check_id(u->gid, e);
	if (r < 0)
		return err_at(e, r, "/process/user/gid");
	r = check_groups(&u->additional_gids, e);
	if (r < 0)
		return err_at(e, r, "/process/user/additionalGids");
	if (u->umask.set && u->umask.v > UMASK_MAX)
		return err_at(e,
			      err_config(e,
					 "%" PRIu32 " (0%" PRIo32 ") has more than the "
					 "permission bits 0%o",
					 u->umask.v, u->umask.v, UMASK_MAX),
			      "/process/user/umask");
	return 0;
}

static bool is_asked_to_leave_groups(const struct spec *s)
{
	const struct str_map *m = &s->annotations;

	for (size_t i = 0; i < m->n; i++) {
		if (str_eq(m->v[i].key, "run.oci.keep_original_groups"))
			return str_eq(m->v[i].value, "1");
	}
	return false;
}

static bool is_in_userns(const struct plan *p)
{
	return p->host->in_userns || (p->ns.new_flags | p->ns.join_flags) & CLONE_NEWUSER;
}

static bool is_denied_groups(const struct plan *p, const struct inside *in)
{
	autofd int fd = -EBADF;
	char text[8];

	if (in->proc_fd < 0 || !is_in_userns(p))
		return false;
	fd = procfs_open(in->proc_fd, "self/setgroups", O_RDONLY);
	return fd >= 0 && file_read_fd(fd, text, sizeof(text)) >= 4 && text[0] == 'd';
}

static bool leaves_groups(const struct plan *p, const struct inside *in)
{
	if (is_asked_to_leave_groups(p->spec))
		return true;
	return !p->spec->process.user.additional_gids.n && is_denied_groups(p, in);
}

void user_init_umask(const struct plan *p)
{
	const struct opt_u32 *mask = &p->spec->process.user.umask;

	if (mask->set)
		(void)sys_umask(mask->v); /* returns the old one */
}

static bool is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* Refusals that say "not yours", of a pipe of the host in a user namespace and such. */
static bool is_harmless(int r)
{
	return r == -EINVAL || r == -EPERM || r == -EROFS || r == -EACCES ||
	       r == -EBADF || r == -ENOSYS;
}

int user_init_stdio(const struct plan *p, struct inside *in, struct err *e)
{
	uint32_t uid = p->spec->process.user.uid;

	(void)in;
	for (int fd = 0; fd <= 2; fd++) {
		struct stat st;
		int r = sys_fstat(fd, &st);

		if (r == 0 && (st.st_uid == uid || is_null_device(&st)))
			continue;
		if (r == 0)
			r = sys_fchown(fd, uid, ID_NONE);
		if (r < 0 && !is_harmless(r))
			return err_sysf(e, r, "fchown", "descriptor %d", fd);
	}
	return 0;
}

static int set_groups(const struct u32_list *l, struct err *e)
{
	int r = sys_setgroups(l->n, l->v);

	if (r == -EINVAL)
		return err_sys_msg(
			e, r, "setgroups", NULL,
			"one of the groups is not mapped in the user namespace");
	return r < 0 ? err_sys(e, r, "setgroups", NULL) : 0;
}

static int id_failed(struct err *e, int r, const char *op, uint32_t id)
{
	char text[16];

	(void)str_format(text, sizeof(text), "%" PRIu32, id);
	if (r == -EINVAL)
		return err_sys_msg(e, r, op, text, "not mapped in the user namespace");
	return err_sys(e, r, op, text);
}

int user_init(const struct plan *p, struct inside *in, struct err *e)
{
	const struct spec_user *u = &p->spec->process.user;
	int r;

	/* Or a uid that is not 0 would lose them all. */
	r = sys_prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	if (r < 0)
		return err_sys(e, r, "prctl", "PR_SET_KEEPCAPS");
	in->groups_left = leaves_groups(p, in);
	if (in->groups_left) {
		log_debug("supplementary groups are left as they are");
	} else {
		r = set_groups(&u->additional_gids, e);
		if (r < 0)
			return err_at(e, r, "/process/user/additionalGids");
	}
	r = sys_setresgid(u->gid, u->gid, u->gid);
	if (r < 0)
		return err_at(e, id_failed(e, r, "setresgid", u->gid),
			      "/process/user/gid");
	r = sys_setresuid(u->uid, u->uid, u->uid);
	if (r < 0)
		return err_at(e, id_failed(e, r, "setresuid", u->uid),
			      "/process/user/uid");
	return 0;
}
