/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec.c - look up and run the program; execve(2), environ(7) for PATH.
 *
 * OCI: /process/args
 */
#include "process/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "process/env.h"

static const char default_path[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

int exec_check(const struct spec *s, struct err *e)
{
	if (s->process.is_set && !s->process.args.n)
		return err_at(e, err_config(e, "there is no program to run"),
			      "/process/args");
	return 0;
}

int exec_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	const struct str_list *args = &s->process.args;

	(void)h;
	(void)e;
	p->argv = arena_calloc(&p->arena, args->n + 1, sizeof(*p->argv));
	for (size_t i = 0; i < args->n; i++)
		p->argv[i] = (char *)args->v[i];
	p->exec_path = arena_alloc(&p->arena, EXEC_PATH_SIZE);
	return 0;
}

/* 0: there is a program; 1: a filter forbids to ask, execve will tell. */
static int is_program(const char *path)
{
	struct stat st;
	int r = sys_fstatat(AT_FDCWD, path, &st, 0);

	if (r == -EPERM || r == -ENOSYS)
		return 1;
	if (r < 0)
		return r;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	r = sys_faccessat(AT_FDCWD, path, X_OK, AT_EACCESS);
	return r == -EACCES ? r : 0;
}

static int not_found(const char *name, int r, struct err *e)
{
	switch (r) {
	case -ENOENT:
		return err_sys_msg(e, r, NULL, NULL,
				   "exec: \"%s\": stat %s: no such file or directory",
				   name, name);
	case -ENOTDIR:
		return err_sys_msg(e, r, NULL, NULL,
				   "exec: \"%s\": stat %s: not a directory", name, name);
	case -EACCES:
		return err_sys_msg(e, r, NULL, NULL, "exec: \"%s\": permission denied",
				   name);
	case -EISDIR:
		return err_sys_msg(e, r, NULL, NULL, "exec: \"%s\": is a directory",
				   name);
	default:
		return err_sys_msg(e, r, NULL, NULL, "exec: \"%s\": stat %s: %s", name,
				   name, err_name(r));
	}
}

/* One element of PATH with the name; an empty element is the current directory. */
static int candidate(const char *dir, size_t len, const char *name,
		     char buf[EXEC_PATH_SIZE])
{
	if (!len)
		return str_format(buf, EXEC_PATH_SIZE, "./%s", name);
	return str_format(buf, EXEC_PATH_SIZE, "%.*s/%s", (int)len, dir, name);
}

/*
 * As a shell searches: what is there but may not be run is passed over, and only told
 * when nothing better follows.
 */
static int search(const char *path, const char *name, char buf[EXEC_PATH_SIZE])
{
	int worst = -ENOENT;

	for (;; path++) {
		size_t len = strcspn(path, ":");
		int r = candidate(path, len, name, buf);

		if (r >= 0)
			r = is_program(buf);
		if (r == 0)
			return 0;
		if (r == -EACCES)
			worst = r;
		path += len;
		if (!*path)
			return worst;
	}
}

static int lookup(const struct plan *p, const char *name, struct err *e)
{
	const char *path = env_get(p->envp, "PATH");
	int r;

	if (strchr(name, '/')) {
		r = str_format(p->exec_path, EXEC_PATH_SIZE, "%s", name);
		if (r >= 0)
			r = is_program(p->exec_path);
		if (r == -EACCES)
			return exec_diagnose(name, r, e);
		return r < 0 ? not_found(name, r, e) : 0;
	}
	if (!path)
		path = default_path;
	r = *name && *path ? search(path, name, p->exec_path) : -ENOENT;
	if (r == -EACCES)
		return not_found(name, r, e);
	if (r < 0)
		return err_sys_msg(e, r, NULL, NULL,
				   "exec: \"%s\": executable file not found in $PATH",
				   name);
	return 0;
}

int exec_init_lookup(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)in;
	if (!p->argv || !p->argv[0])
		return exec_check(p->spec, e);
	r = lookup(p, p->argv[0], e);
	return r < 0 ? err_at(e, r, "/process/args/0") : 0;
}

int exec_init(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)in;
	if (!p->argv || !p->argv[0])
		return err_state(e, -EINVAL, "the config has no process to start");
	r = sys_execve(p->exec_path, p->argv, p->envp);
	return err_at(e, exec_diagnose(p->exec_path, r, e), "/process/args/0");
}
