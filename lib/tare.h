/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tare.h - containers, as the command line and other programs use them.
 *
 * The library never exits, never re-executes the caller, keeps no mutable global
 * state and changes neither the caller's directory, umask nor environment. Every
 * function returns 0 or a negative errno and then fills *e (base/err.h), whose
 * text is err_format()'s. Strings in argument structs are borrowed for the call.
 *
 * `root` is the state directory: DIR of `--root`, see tare_default_root().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct tare_container;

/* "/run/tare", or "$XDG_RUNTIME_DIR/tare" without privilege; free() it. */
char *tare_default_root(void);

enum tare_status {
	TARE_CREATING,
	TARE_CREATED,
	TARE_RUNNING,
	TARE_PAUSED,
	TARE_STOPPED,
};
const char *tare_status_name(enum tare_status status);

struct tare_create_args {
	const char *root, *id;
	const char *bundle;         /* any path; NULL: the current directory */
	const char *config;         /* NULL: config.json in the bundle */
	const char *cgroup_manager; /* "cgroupfs" or "disabled"; NULL: cgroupfs */
	const char *console_socket;
	const char *pid_file;
	const char *pidfd_socket;
	bool no_pivot, no_new_keyring;
	/*
	 * `run` without --detach: a terminal, if the config asks for one, is not sent to
	 * a console socket but kept for tare_foreground(), and the container's
	 * descriptors 0..2 are the caller's.
	 */
	bool foreground;
	unsigned preserve_fds; /* from 3 on; none may be close-on-exec */
	/*
	 * Socket activation (sd_listen_fds(3)): that many descriptors from 3 on come
	 * before the preserved ones, and the container is told by LISTEN_FDS,
	 * LISTEN_PID=1 and, unless NULL, LISTEN_FDNAMES.
	 */
	unsigned listen_fds;
	const char *listen_names;
	/*
	 * Becomes readable when the caller wants to give up (a signalfd): the operation
	 * is then rolled back with -EINTR. 0 or negative: none.
	 */
	int cancel_fd;
};

/*
 * Create a container: afterwards it is in status created and *ret is loaded. On
 * failure everything is rolled back. The pid file is written last.
 */
int tare_create(const struct tare_create_args *args, struct tare_container **ret,
		struct err *e);

/* Load an existing container; kind ERR_STATE, "container does not exist" (-ENOENT). */
int tare_load(const char *root, const char *id, struct tare_container **ret,
	      struct err *e);
void tare_free(struct tare_container *c);
static inline void cleanup_tare_container(struct tare_container **c)
{
	tare_free(*c);
}
#define autocontainer __attribute__((cleanup(cleanup_tare_container)))

/* Start what was created: returns once the user's program runs. */
int tare_start(struct tare_container *c, struct err *e);

/* Send a signal to init, or to every process when all. */
int tare_kill(struct tare_container *c, int sig, bool all, struct err *e);
/* "TERM", "SIGTERM", "15", "RTMIN+3"; -EINVAL with `unknown signal "FOO"`. */
int tare_signal_parse(const char *text, int *ret, struct err *e);
/*
 * Block the signals that ask a program to end (TERM, INT, HUP, QUIT, unless ignored)
 * for good, and return a descriptor that is readable when one has come: cancel_fd of
 * the functions below and above. The caller closes it.
 */
int tare_hold_signals(int *ret_fd, struct err *e);

int tare_pause(struct tare_container *c, struct err *e);
int tare_resume(struct tare_container *c, struct err *e);

/* Remove by id, also what a crash left of it. force kills first; unknown id is then no
 * error. */
int tare_delete(const char *root, const char *id, bool force, struct err *e);

/*
 * Remove what this process created, once its init has ended; what is left in its cgroup
 * is killed. That somebody else has removed it by now is no error.
 */
int tare_remove(struct tare_container *c, struct err *e);

/* What `state` and `list` show; strings live as long as the container. */
struct tare_state {
	const char *oci_version, *id, *bundle, *rootfs, *created; /* RFC 3339, UTC */
	const char *owner; /* name of the user, or the uid in digits */
	enum tare_status status;
	pid_t pid; /* 0 when stopped */
	size_t n_annotations;
	const char *const *annotations; /* 2 * n: key, value, key, value */
};
int tare_state(struct tare_container *c, struct tare_state *ret, struct err *e);

/*
 * Call each for every container below root, sorted by id. Entries that cannot be
 * read are skipped with a warning; a missing default root is empty.
 */
int tare_list(const char *root, int (*each)(void *ctx, const struct tare_state *s),
	      void *ctx, struct err *e);

/* Host pids of all processes in the container; *ret is malloc()ed. */
int tare_pids(struct tare_container *c, pid_t **ret, size_t *ret_n, struct err *e);

struct tare_exec_args {
	const char *process;    /* process.json, or NULL: the container's process with: */
	char *const *argv;      /* NULL-terminated; replaces args */
	const char *const *env; /* "K=V" to add, n_env of them */
	size_t n_env;
	const char *user; /* "UID[:GID]" or NULL */
	const char *cwd;
	bool terminal;
	bool detach;
	const char *console_socket; /* with terminal and detach */
	const char *pid_file;
	const char *pidfd_socket;
	bool ignore_paused;
	unsigned preserve_fds; /* as above */
	int cancel_fd;         /* as in tare_create_args */

	/* Changes to the process, from the document or the container's alike. */
	const char *const
		*caps; /* "CAP_X" or "X" to add to bounding, effective, permitted;
			  ambient too if the process has inheritable ones */
	size_t n_caps;
	const gid_t *additional_gids; /* to add */
	size_t n_additional_gids;
	bool no_new_privs;         /* set it; false: as the process says */
	const char *apparmor;      /* NULL: as the process says */
	const char *process_label; /* SELinux */
	/* "PATH" or v1 "CTRL[,CTRL]:PATH" below the container's cgroup. */
	const char *const *cgroup;
	size_t n_cgroup;
};

/* A process of ours that runs: init of a foreground `run`, or an exec'd one. */
struct tare_process {
	pid_t pid;
	int pidfd;      /* owned; -EBADF: none */
	int console_fd; /* owned; master side of its terminal, -EBADF: none */
};
#define TARE_PROCESS_NONE ((struct tare_process){ .pidfd = -EBADF, .console_fd = -EBADF })
void tare_process_close(struct tare_process *p);

/* Run one more process; returns once it runs (execve has succeeded). */
int tare_exec(struct tare_container *c, const struct tare_exec_args *args,
	      struct tare_process *ret, struct err *e);

/* Take over init of a container that was created with args.foreground. */
int tare_take_init(struct tare_container *c, struct tare_process *ret, struct err *e);

/*
 * Be in front of a child process: copy between our terminal and its (raw mode,
 * size), pass signals on, until it has ended. *ret_code is its exit code, or 128 +
 * the signal that ended it. Terminal settings are restored on every return.
 * init: it is pid 1 of a container, others must be reaped too.
 */
int tare_foreground(struct tare_process *p, int *ret_code, struct err *e);

/* Which optional parts this build has, for `--version` and `features`. */
bool tare_has_seccomp(void);

/* The `features` document (features-schema 1.3), pretty-printed; *ret is malloc()ed. */
int tare_features(char **ret, struct err *e);
