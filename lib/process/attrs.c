/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attrs.c - oom_score_adj of proc(5), prctl(2), personality(2).
 *
 * OCI: /process/oomScoreAdj, /process/noNewPrivileges, /linux/personality/domain,
 *      /linux/personality/flags
 */
#include "process/attrs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/personality.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/process.h"
#include "kernel/procfs.h"

#define OOM_SCORE_ADJ_MIN -1000
#define OOM_SCORE_ADJ_MAX 1000

/* clang-format off */
static const struct {
	const char *domain;
	unsigned long persona;
} personalities[] = {
	{ "LINUX",   PER_LINUX },
	{ "LINUX32", PER_LINUX32 },
};
/* clang-format on */

static int find_personality(const char *domain)
{
	for (size_t i = 0; i < N_ELEMENTS(personalities); i++) {
		if (str_eq(domain, personalities[i].domain))
			return (int)i;
	}
	return -EINVAL;
}

static int check_personality(const struct spec_personality *p, struct err *e)
{
	if (!p->is_set)
		return 0;
	if (p->flags.n)
		return err_at(e, err_config(e, "no flag is supported"),
			      "/linux/personality/flags");
	if (!p->domain)
		return err_at(e, err_config(e, "domain is missing"),
			      "/linux/personality");
	if (find_personality(p->domain) < 0)
		return err_at(
			e, err_config(e, "no execution domain is called '%s'", p->domain),
			"/linux/personality/domain");
	return 0;
}

int attrs_check(const struct spec *s, struct err *e)
{
	const struct opt_i64 *oom = &s->process.oom_score_adj;

	if (oom->set && (oom->v < OOM_SCORE_ADJ_MIN || oom->v > OOM_SCORE_ADJ_MAX))
		return err_at(e,
			      err_config(e, "%" PRId64 " is not in %d to %d", oom->v,
					 OOM_SCORE_ADJ_MIN, OOM_SCORE_ADJ_MAX),
			      "/process/oomScoreAdj");
	return check_personality(&s->linux.personality, e);
}

static int read_score(int proc_fd, const char *path, int64_t *ret)
{
	autofd int fd = procfs_open(proc_fd, path, O_RDONLY);
	char text[16];
	ssize_t n;

	if (fd < 0)
		return fd;
	n = file_read_fd(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return n < 0 ? (int)n : -EBADMSG;
	text[text[n - 1] == '\n' ? n - 1 : n] = '\0';
	return num_parse_i64(text, ret);
}

/* EACCES: only CAP_SYS_RESOURCE may go below the lowest score there ever was. */
static int refused(const struct plan *p, int proc_fd, const char *path, int64_t want,
		   int r, struct err *e)
{
	bool is_rootless = p->host->euid != 0 || p->host->in_userns;
	int64_t now;

	if (r != -EACCES || read_score(proc_fd, path, &now) < 0 || now < want)
		return err_sysf(e, r, "write", "/proc/%s", path);
	if (is_rootless) {
		log_warn("/process/oomScoreAdj: stays %" PRId64
			 ", lowering it to %" PRId64 " takes CAP_SYS_RESOURCE",
			 now, want);
		return 0;
	}
	r = err_sys_msg(e, r, "write", "oom_score_adj",
			"it cannot be lowered from %" PRId64 " to %" PRId64, now, want);
	return err_hint(e, r, "lowering it takes CAP_SYS_RESOURCE");
}

static int put_score(const struct plan *p, pid_t pid, int64_t want, struct err *e)
{
	autofd int proc_fd = procfs_host();
	char path[48], text[24];
	int r;

	if (proc_fd < 0)
		return err_sys(e, proc_fd, "open", "/proc");
	r = str_format(path, sizeof(path), "%d/oom_score_adj", (int)pid);
	if (r >= 0)
		r = str_format(text, sizeof(text), "%" PRId64, want);
	if (r >= 0)
		r = procfs_put(proc_fd, path, text);
	return r < 0 ? refused(p, proc_fd, path, want, r, e) : 0;
}

int attrs_host_oom(const struct plan *p, pid_t pid, struct err *e)
{
	const struct opt_i64 *oom = &p->spec->process.oom_score_adj;
	int r;

	if (!oom->set)
		return 0;
	r = put_score(p, pid, oom->v, e);
	return r < 0 ? err_at(e, r, "/process/oomScoreAdj") : 0;
}

int attrs_init_personality(const struct plan *p, struct inside *in, struct err *e)
{
	const struct spec_personality *want = &p->spec->linux.personality;
	int at, r;

	(void)in;
	if (!want->is_set)
		return 0;
	at = find_personality(want->domain);
	if (at < 0)
		return check_personality(want, e);
	r = sys_personality(personalities[at].persona);
	if (r < 0)
		return err_at(e, err_sys(e, r, "personality", want->domain),
			      "/linux/personality/domain");
	return 0;
}

int attrs_init_no_new_privs(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)in;
	if (!p->spec->process.no_new_privileges)
		return 0;
	r = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (r < 0)
		return err_at(e, err_sys(e, r, "prctl", "PR_SET_NO_NEW_PRIVS"),
			      "/process/noNewPrivileges");
	return 0;
}
