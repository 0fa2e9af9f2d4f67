/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.c - fill, complete and show the one error value.
 *
 * Runs in init too, hence no heap: texts are formatted on the stack and then
 * elided into their fixed field. A filler builds the new value aside and copies
 * it last, so that its arguments may point into the old one. It begins as zeros:
 * the whole struct goes to another process, and no stale stack goes with it.
 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define CODE_MAX  4095             /* the kernel's MAX_ERRNO */
#define TEXT_MAX  4096             /* any path fits before it is elided */
#define PLACE_MAX ((1u << 24) + 1) /* a document has at most 16 MiB */

#define NAME(code) [code] = #code

/* clang-format off */
static const char *const names[] = {
	NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO),
	NAME(E2BIG), NAME(ENOEXEC), NAME(EBADF), NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM),
	NAME(EACCES), NAME(EFAULT), NAME(ENOTBLK), NAME(EBUSY), NAME(EEXIST), NAME(EXDEV),
	NAME(ENODEV), NAME(ENOTDIR), NAME(EISDIR), NAME(EINVAL), NAME(ENFILE), NAME(EMFILE),
	NAME(ENOTTY), NAME(ETXTBSY), NAME(EFBIG), NAME(ENOSPC), NAME(ESPIPE), NAME(EROFS),
	NAME(EMLINK), NAME(EPIPE), NAME(EDOM), NAME(ERANGE), NAME(EDEADLK),
	NAME(ENAMETOOLONG), NAME(ENOLCK), NAME(ENOSYS), NAME(ENOTEMPTY), NAME(ELOOP),
	NAME(ENOMSG), NAME(EIDRM), NAME(ECHRNG), NAME(EL2NSYNC), NAME(EL3HLT), NAME(EL3RST),
	NAME(ELNRNG), NAME(EUNATCH), NAME(ENOCSI), NAME(EL2HLT), NAME(EBADE), NAME(EBADR),
	NAME(EXFULL), NAME(ENOANO), NAME(EBADRQC), NAME(EBADSLT), NAME(EBFONT),
	NAME(ENOSTR), NAME(ENODATA), NAME(ETIME), NAME(ENOSR), NAME(ENONET), NAME(ENOPKG),
	NAME(EREMOTE), NAME(ENOLINK), NAME(EADV), NAME(ESRMNT), NAME(ECOMM), NAME(EPROTO),
	NAME(EMULTIHOP), NAME(EDOTDOT), NAME(EBADMSG), NAME(EOVERFLOW), NAME(ENOTUNIQ),
	NAME(EBADFD), NAME(EREMCHG), NAME(ELIBACC), NAME(ELIBBAD), NAME(ELIBSCN),
	NAME(ELIBMAX), NAME(ELIBEXEC), NAME(EILSEQ), NAME(ERESTART), NAME(ESTRPIPE),
	NAME(EUSERS), NAME(ENOTSOCK), NAME(EDESTADDRREQ), NAME(EMSGSIZE), NAME(EPROTOTYPE),
	NAME(ENOPROTOOPT), NAME(EPROTONOSUPPORT), NAME(ESOCKTNOSUPPORT), NAME(EOPNOTSUPP),
	NAME(EPFNOSUPPORT), NAME(EAFNOSUPPORT), NAME(EADDRINUSE), NAME(EADDRNOTAVAIL),
	NAME(ENETDOWN), NAME(ENETUNREACH), NAME(ENETRESET), NAME(ECONNABORTED),
	NAME(ECONNRESET), NAME(ENOBUFS), NAME(EISCONN), NAME(ENOTCONN), NAME(ESHUTDOWN),
	NAME(ETOOMANYREFS), NAME(ETIMEDOUT), NAME(ECONNREFUSED), NAME(EHOSTDOWN),
	NAME(EHOSTUNREACH), NAME(EALREADY), NAME(EINPROGRESS), NAME(ESTALE), NAME(EUCLEAN),
	NAME(ENOTNAM), NAME(ENAVAIL), NAME(EISNAM), NAME(EREMOTEIO), NAME(EDQUOT),
	NAME(ENOMEDIUM), NAME(EMEDIUMTYPE), NAME(ECANCELED), NAME(ENOKEY),
	NAME(EKEYEXPIRED), NAME(EKEYREVOKED), NAME(EKEYREJECTED), NAME(EOWNERDEAD),
	NAME(ENOTRECOVERABLE), NAME(ERFKILL), NAME(EHWPOISON),
	/* The kernel's own, which some controllers and file systems let out. */
	[524] = "ENOTSUPP",
};
/* clang-format on */

static const char *known_name(int code)
{
	if (code < 0 && code >= -CODE_MAX)
		code = -code;
	if (code <= 0 || (size_t)code >= N_ELEMENTS(names))
		return NULL;
	return names[code];
}

const char *err_name(int code)
{
	const char *name = known_name(code);

	return name ? name : "unknown errno";
}

/* -errno as a code that is never 0: whoever passes anything else has a bug. */
static int code_of(int r)
{
	return r < 0 && r >= -CODE_MAX ? -r : EINVAL;
}

__attribute__((format(printf, 3, 0))) static void
format_elided(char *buf, size_t size, const char *fmt, va_list ap)
{
	char text[TEXT_MAX];

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	str_elide(buf, size, text);
}

__attribute__((format(printf, 4, 0))) static int fill(struct err *e, enum err_kind kind,
						      int r, const char *fmt, va_list ap)
{
	struct err filled = { .kind = kind, .code = code_of(r) };
	int code = filled.code;

	if (!e)
		return -code;
	format_elided(filled.msg, sizeof(filled.msg), fmt, ap);
	*e = filled;
	return -code;
}

static void fill_object(struct err *filled, const char *op, const char *path)
{
	if (op)
		str_elide(filled->op, sizeof(filled->op), op);
	if (path)
		str_elide(filled->path, sizeof(filled->path), path);
}

int err_sys(struct err *e, int r, const char *op, const char *path)
{
	struct err filled = { .kind = ERR_SYSTEM, .code = code_of(r) };
	int code = filled.code;

	if (!e)
		return -code;
	fill_object(&filled, op, path);
	*e = filled;
	return -code;
}

int err_sysf(struct err *e, int r, const char *op, const char *path_fmt, ...)
{
	struct err filled = { .kind = ERR_SYSTEM, .code = code_of(r) };
	int code = filled.code;
	va_list ap;

	if (!e)
		return -code;
	fill_object(&filled, op, NULL);
	va_start(ap, path_fmt);
	format_elided(filled.path, sizeof(filled.path), path_fmt, ap);
	va_end(ap);
	*e = filled;
	return -code;
}

int err_sys_msg(struct err *e, int r, const char *op, const char *path, const char *fmt,
		...)
{
	struct err filled = { .kind = ERR_SYSTEM, .code = code_of(r) };
	int code = filled.code;
	va_list ap;

	if (!e)
		return -code;
	fill_object(&filled, op, path);
	va_start(ap, fmt);
	format_elided(filled.msg, sizeof(filled.msg), fmt, ap);
	va_end(ap);
	*e = filled;
	return -code;
}

int err_config(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = fill(e, ERR_CONFIG, -EINVAL, fmt, ap);
	va_end(ap);
	return r;
}

int err_usage(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = fill(e, ERR_USAGE, -EINVAL, fmt, ap);
	va_end(ap);
	return r;
}

int err_state(struct err *e, int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r = fill(e, ERR_STATE, r, fmt, ap);
	va_end(ap);
	return r;
}

int err_unsupported(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = fill(e, ERR_UNSUPPORTED, -EOPNOTSUPP, fmt, ap);
	va_end(ap);
	return r;
}

int err_protocol(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = fill(e, ERR_PROTOCOL, -EPROTO, fmt, ap);
	va_end(ap);
	return r;
}

static bool is_filled(const struct err *e)
{
	return e && e->code != 0;
}

/* Twice the field: what is cut off in the middle is decided only once. */
static void prepend_pointer(struct err *e, const char *pointer)
{
	char whole[3 * sizeof(e->field)];

	(void)snprintf(whole, sizeof(whole), "%s%s", pointer, e->field);
	str_elide(e->field, sizeof(e->field), whole);
}

int err_at(struct err *e, int r, const char *pointer_fmt, ...)
{
	char pointer[2 * sizeof(e->field)];
	va_list ap;

	if (!is_filled(e))
		return r;
	va_start(ap, pointer_fmt);
	format_elided(pointer, sizeof(pointer), pointer_fmt, ap);
	va_end(ap);
	prepend_pointer(e, pointer);
	return r;
}

int err_at_key(struct err *e, int r, const char *prefix, const char *key)
{
	char name[sizeof(e->field)], token[2 * sizeof(e->field)];
	size_t n = 0;

	if (!is_filled(e))
		return r;
	str_elide(name, sizeof(name), key);
	for (const char *p = name; *p; p++) {
		if (*p == '~' || *p == '/') {
			token[n++] = '~';
			token[n++] = *p == '~' ? '0' : '1';
		} else {
			token[n++] = *p;
		}
	}
	token[n] = '\0';
	return err_at(e, r, "%s/%s", prefix, token);
}

int err_doing(struct err *e, int r, const char *fmt, ...)
{
	char doing[sizeof(e->doing)] = "";
	va_list ap;

	if (!is_filled(e) || e->doing[0])
		return r;
	va_start(ap, fmt);
	format_elided(doing, sizeof(doing), fmt, ap);
	va_end(ap);
	memcpy(e->doing, doing, sizeof(doing));
	return r;
}

int err_hint(struct err *e, int r, const char *fmt, ...)
{
	char hint[sizeof(e->hint)] = "";
	va_list ap;

	if (!is_filled(e) || e->hint[0])
		return r;
	va_start(ap, fmt);
	format_elided(hint, sizeof(hint), fmt, ap);
	va_end(ap);
	memcpy(e->hint, hint, sizeof(hint));
	return r;
}

/*
 * An error of init comes with its own step; the host step that waited for it
 * knows less, and its field would be a wrong one.
 */
int err_step(struct err *e, int r, const char *step, const char *field)
{
	if (!is_filled(e) || e->step[0])
		return r;
	str_elide(e->step, sizeof(e->step), step);
	if (field && !e->field[0])
		str_elide(e->field, sizeof(e->field), field);
	return r;
}

/* All parts of an error unescaped, with their punctuation. */
struct line {
	char text[sizeof(struct err) + 128];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *l, const char *fmt,
						      ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, sizeof(l->text) - l->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->len += (size_t)n;
	if (l->len >= sizeof(l->text))
		l->len = sizeof(l->text) - 1;
}

static void add_object(struct line *l, const struct err *e)
{
	const char *name = known_name(e->code);

	if (e->op[0])
		add(l, "%s%s", e->op, e->path[0] ? " " : "");
	if (e->path[0])
		add(l, "'%s'", e->path);
	if (e->op[0] || e->path[0])
		add(l, ": ");
	if (name)
		add(l, "%s", name);
	else
		add(l, "errno %d", e->code);
}

static void add_what(struct line *l, const struct err *e)
{
	if (!e->msg[0]) {
		add_object(l, e);
		return;
	}
	add(l, "%s", e->msg);
	if (!e->op[0] && !e->path[0])
		return;
	add(l, " (");
	add_object(l, e);
	add(l, ")");
}

static void add_location(struct line *l, const struct err *e)
{
	if (!e->file[0])
		return;
	add(l, " (%s", e->file);
	if (e->line)
		add(l, ":%u", e->line);
	if (e->line && e->col)
		add(l, ":%u", e->col);
	add(l, ")");
}

void err_format(const struct err *e, char *buf, size_t size)
{
	struct line l = { .len = 0 };

	if (is_filled(e)) {
		if (e->doing[0])
			add(&l, "%s: ", e->doing);
		if (e->field[0])
			add(&l, "%s: ", e->field);
		else if (e->step[0])
			add(&l, "step '%s': ", e->step);
		add_what(&l, e);
		add_location(&l, e);
	}
	str_printable(buf, size, l.text);
}

#define TERMINATE(array) ((array)[sizeof(array) - 1] = '\0')

void err_sanitize(struct err *e)
{
	TERMINATE(e->file);
	TERMINATE(e->op);
	TERMINATE(e->path);
	TERMINATE(e->field);
	TERMINATE(e->step);
	TERMINATE(e->doing);
	TERMINATE(e->msg);
	TERMINATE(e->hint);
	if (e->code < 1 || e->code > CODE_MAX)
		e->code = EPROTO;
	if ((unsigned)e->kind == ERR_NONE || (unsigned)e->kind > ERR_PROTOCOL)
		e->kind = ERR_PROTOCOL;
	if (e->line > PLACE_MAX)
		e->line = 0;
	if (e->col > PLACE_MAX)
		e->col = 0;
}
