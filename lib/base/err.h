/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - one flat value that says what went wrong.
 *
 * Filled once, by the innermost function that knows the object; loops on the
 * way out prepend their JSON pointer, the verb adds the aim. It has no pointers
 * inside, so it crosses the bootstrap channel and the start FIFO by one write.
 *
 * Every filler returns the negative errno to hand on, every adder returns the r
 * it was given, so that both stand in a return statement. `e` may be NULL.
 * Fixed sizes: a long path is elided in the middle; never assemble data from it.
 */
#pragma once

#include <limits.h>
#include <stddef.h>

enum err_kind {
	ERR_NONE,
	ERR_SYSTEM,      /* the kernel refused */
	ERR_CONFIG,      /* config.json (or process.json, ...) is wrong */
	ERR_USAGE,       /* the command line is wrong */
	ERR_STATE,       /* the container is not in the state this needs */
	ERR_UNSUPPORTED, /* this build or this host cannot do it */
	ERR_PROTOCOL,    /* host and init disagree: a bug, or a hostile peer */
};

struct err {
	int code; /* errno, positive, never 0 in a filled error */
	enum err_kind kind;
	unsigned line, col; /* 1-based place in `file`, 0 when unknown */
	char file[64];      /* the document `field` points into: "config.json" */
	char op[32];        /* what was attempted: "open_tree", "mkdir" */
	char path[256];     /* on which file or object */
	char field[192];    /* JSON pointer, "" if none */
	char step[32];      /* step that was running, "" if none */
	char doing[320];    /* the aim: "create container 'web'" */
	char msg[1024];     /* what is wrong, when errno does not say it all */
	char hint[256];     /* what the user can do about it */
};
_Static_assert(sizeof(struct err) <= PIPE_BUF, "an error must fit one atomic pipe write");

/* r is a negative errno; op the attempt, path its object (either may be NULL). */
int err_sys(struct err *e, int r, const char *op, const char *path);
int err_sysf(struct err *e, int r, const char *op, const char *path_fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Like err_sys() with words of our own: "<words> (<op> '<path>': ENOENT)". Without
 * op and path the words stand alone: they say it all (the user's program, bind sources).
 */
int err_sys_msg(struct err *e, int r, const char *op, const char *path, const char *fmt,
		...) __attribute__((format(printf, 5, 6)));

/* These return -EINVAL, -EINVAL, r, -EOPNOTSUPP and -EPROTO. */
int err_config(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_usage(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_state(struct err *e, int r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int err_unsupported(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int err_protocol(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Prepend a JSON pointer: err_at(e, r, "/mounts/%zu", i). */
int err_at(struct err *e, int r, const char *pointer_fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Prepend "<prefix>/<key>", the key escaped as RFC 6901 wants (~0, ~1). */
int err_at_key(struct err *e, int r, const char *prefix, const char *key);

/* Say what the whole operation was; the first one stays. */
int err_doing(struct err *e, int r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Say what helps; the first one stays. */
int err_hint(struct err *e, int r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The step that failed and, unless the error has one, its field. Nothing is changed
 * when the error already knows its step (the host step waits for one of init).
 */
int err_step(struct err *e, int r, const char *step, const char *field);

/*
 * "<aim>: <pointer>: <what> (config.json:L:C)" without newline, each part only
 * if known, control characters shown as \xNN. Truncates, always terminates.
 */
void err_format(const struct err *e, char *buf, size_t size);

/* Make an err that came from another process safe to use: terminate, bound. */
void err_sanitize(struct err *e);

/* "ENOENT" for ENOENT or -ENOENT, "unknown errno" for others. */
const char *err_name(int code);
