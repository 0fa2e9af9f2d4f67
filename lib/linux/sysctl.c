/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sysctl.c - check and write kernel parameters; sysctl(8) for the two spellings.
 *
 * OCI: /linux/sysctl
 *
 * The files are reached through init's own procfs, component by component and through
 * no link, so that neither a mount nor an image can turn a write into one elsewhere
 * (CVE-2025-52881, CVE-2022-0811).
 */
#include "linux/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/file.h"
#include "kernel/procfs.h"
#include "linux/namespaces.h"

#define SYSCTL_FILE_MAX 256

/* clang-format off */
static const struct {
	const char *file; /* a trailing slash: all below */
	enum ns_kind kind;
} namespaced[] = {
	{ "kernel/msgmax",		NS_IPC },
	{ "kernel/msgmnb",		NS_IPC },
	{ "kernel/msgmni",		NS_IPC },
	{ "kernel/msg_next_id",		NS_IPC },
	{ "kernel/auto_msgmni",		NS_IPC },
	{ "kernel/sem",			NS_IPC },
	{ "kernel/sem_next_id",		NS_IPC },
	{ "kernel/shmall",		NS_IPC },
	{ "kernel/shmmax",		NS_IPC },
	{ "kernel/shmmni",		NS_IPC },
	{ "kernel/shm_next_id",		NS_IPC },
	{ "kernel/shm_rmid_forced",	NS_IPC },
	{ "fs/mqueue/",			NS_IPC },
	{ "kernel/hostname",		NS_UTS },
	{ "kernel/domainname",		NS_UTS },
	{ "net/",			NS_NET },
	{ "user/",			NS_USER },
};
/* clang-format on */

/*
 * "net.ipv4.conf.eth0/1.rp_filter" and "net/ipv4/conf/eth0.1/rp_filter" are one file:
 * the first separator of the key tells which of the two is the separator.
 */
static int file_of_key(const char *key, char buf[SYSCTL_FILE_MAX])
{
	size_t len = strlen(key), first = strcspn(key, "./");
	bool is_dotted = key[first] == '.';

	if (len >= SYSCTL_FILE_MAX)
		return -ENAMETOOLONG;
	for (size_t i = 0; i <= len; i++) {
		char c = key[i];

		if (is_dotted && c == '.')
			c = '/';
		else if (is_dotted && c == '/')
			c = '.';
		buf[i] = c;
	}
	return 0;
}

/* Every component a name: none empty, ".", "..". */
static bool is_clean(const char *file)
{
	for (const char *p = file;; p++) {
		size_t len = strcspn(p, "/");

		if (!len || (len == 1 && p[0] == '.') ||
		    (len == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += len;
		if (!*p)
			return true;
	}
}

/* Which namespace keeps it, -ENOENT for none. */
static int kind_of_file(const char *file)
{
	for (size_t i = 0; i < N_ELEMENTS(namespaced); i++) {
		const char *known = namespaced[i].file, *rest = str_after(file, known);

		if (rest && (!*rest || known[strlen(known) - 1] == '/'))
			return (int)namespaced[i].kind;
	}
	return -ENOENT;
}

/* One name, two values: no order between them would be right. */
static int check_conflict(const struct spec *s, const char *file, struct err *e)
{
	if (str_eq(file, "kernel/hostname") && !str_empty(s->hostname))
		return err_config(e, "/hostname sets that already");
	if (str_eq(file, "kernel/domainname") && !str_empty(s->domainname))
		return err_config(e, "/domainname sets that already");
	return 0;
}

static int check_one(const struct spec *s, const struct str_pair *pair, struct err *e)
{
	char file[SYSCTL_FILE_MAX];
	int kind;

	if (file_of_key(pair->key, file) < 0 || !is_clean(file))
		return err_config(e, "'%s' is no name of a kernel parameter", pair->key);
	kind = kind_of_file(file);
	if (kind < 0)
		return err_config(e,
				  "'%s' is no parameter of a namespace, it would be "
				  "changed on the host",
				  pair->key);
	if (!namespaces_has(s, kind))
		return err_config(e,
				  "'%s' would be changed on the host: there is no %s "
				  "namespace in /linux/namespaces",
				  pair->key, namespaces_name(kind));
	return check_conflict(s, file, e);
}

int sysctl_check(const struct spec *s, struct err *e)
{
	const struct str_map *m = &s->linux.sysctl;

	for (size_t i = 0; i < m->n; i++) {
		int r = check_one(s, &m->v[i], e);

		if (r < 0)
			return err_at_key(e, r, "/linux/sysctl", m->v[i].key);
	}
	return 0;
}

int sysctl_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	const struct str_map *m = &s->linux.sysctl;

	(void)h;
	p->sysctls.n = 0;
	p->sysctls.v = arena_calloc(&p->arena, m->n, sizeof(*p->sysctls.v));
	for (size_t i = 0; i < m->n; i++) {
		char file[SYSCTL_FILE_MAX];

		if (file_of_key(m->v[i].key, file) < 0)
			return sysctl_check(s, e);
		p->sysctls.v[p->sysctls.n++] = (struct plan_sysctl){
			.file = arena_strdup(&p->arena, file),
			.key = m->v[i].key,
			.value = m->v[i].value,
		};
	}
	return 0;
}

static const struct plan_sysctl *first_of_kind(const struct plan *p, enum ns_kind kind)
{
	for (size_t i = 0; i < p->sysctls.n; i++) {
		if (kind_of_file(p->sysctls.v[i].file) == (int)kind)
			return &p->sysctls.v[i];
	}
	return NULL;
}

int sysctl_host(const struct plan *p, const struct inside *in, struct err *e)
{
	const struct plan_sysctl *net = first_of_kind(p, NS_NET);
	struct stat theirs, ours;
	int r;

	if (!net || in->ns_fd[NS_NET] < 0)
		return 0;
	r = sys_fstat(in->ns_fd[NS_NET], &theirs);
	if (r < 0)
		return err_sys(e, r, "fstat", p->ns.join_path[NS_NET]);
	r = sys_fstatat(AT_FDCWD, "/proc/self/ns/net", &ours, 0);
	if (r < 0)
		return err_sys(e, r, "stat", "/proc/self/ns/net");
	if (theirs.st_dev != ours.st_dev || theirs.st_ino != ours.st_ino)
		return 0;
	return err_at_key(e,
			  err_config(e,
				     "'%s' would be changed on the host: '%s' is the "
				     "host's network namespace",
				     net->key, p->ns.join_path[NS_NET]),
			  "/linux/sysctl", net->key);
}

/* An empty write would be no write at all: a list is emptied by its end of line. */
static int write_one(const struct plan_sysctl *v, int proc_fd, struct err *e)
{
	char path[SYSCTL_FILE_MAX + sizeof("/proc/sys/")];
	int r = str_format(path, sizeof(path), "/proc/sys/%s", v->file);

	if (r >= 0)
		r = procfs_put(proc_fd, path + strlen("/proc/"),
			       *v->value ? v->value : "\n");
	if (r == -ENOENT)
		return err_sys_msg(e, r, "open", path,
				   "this kernel has no parameter '%s'", v->key);
	if (r == -EINVAL)
		return err_sys_msg(e, r, "write", path, "'%s' cannot be set to '%s'",
				   v->key, v->value);
	if (r < 0)
		return err_sys(e, r, "write", path);
	return 0;
}

int sysctl_init(const struct plan *p, struct inside *in, struct err *e)
{
	for (size_t i = 0; i < p->sysctls.n; i++) {
		const struct plan_sysctl *v = &p->sysctls.v[i];
		int r = write_one(v, in->proc_fd, e);

		if (r < 0)
			return err_at_key(e, r, "/linux/sysctl", v->key);
		log_debug("sysctl '%s' is '%s'", v->key, v->value);
	}
	return 0;
}
