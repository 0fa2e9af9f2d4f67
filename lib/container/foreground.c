/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreground.c - stand between our terminal and a process in a container.
 *
 * One poll loop copies, passes signals on and waits. Our own descriptors 0 and 1
 * belong to the caller as well, so they are never made non-blocking: they are read
 * after POLLIN only, and written after POLLOUT with at most PIPE_BUF bytes, which a
 * pipe then has room for. The master side is ours alone and is non-blocking.
 *
 * We keep a peer descriptor of the pty: without one the master would report a hangup
 * whenever no process of the container has it open, for ever and at full speed. That
 * the output has ended is known from the process instead: once it is reaped, what
 * can still be read is the tail, because a read of the master flushes the line
 * discipline before it says EAGAIN.
 *
 * The container's terminal has its own line discipline. If ours is raw, bytes go
 * through untouched; else ours, or nobody, adds the carriage returns, so the
 * container's ONLCR is cleared and a file does not get "\r\n".
 */
#include "container/foreground.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/self.h"
#include "kernel/tty.h"
#include "tare.h"

/* One direction; from_fd and to_fd are borrowed, -EBADF once that end is gone. */
struct relay {
	int from_fd, to_fd;
	size_t at, len; /* what has been read and not yet written */
	char buf[PIPE_BUF];
};

struct front {
	struct tare_process *p;
	int signal_fd, peer_fd;
	bool is_masked, is_raw;
	sigset_t old_mask;
	struct termios old_tty; /* of descriptor 0 */
	bool has_in, has_out;   /* descriptors 0 and 1 are open, and not by us */
	struct relay in, out;
	char last_in; /* last byte typed */
	bool has_ended;
	bool is_cut; /* the rest of the output is not wanted */
	int code;
};

/* The other end of the program's terminal is gone: it gets SIGHUP, and EIO from it. */
static void console_hang_up(struct front *f)
{
	f->in.from_fd = f->in.to_fd = f->out.from_fd = f->out.to_fd = -EBADF;
	f->in.len = f->out.len = 0;
	fd_close(&f->peer_fd);
	fd_close(&f->p->console_fd);
}

static int relay_read(struct relay *l)
{
	ssize_t n = sys_read(l->from_fd, l->buf, sizeof(l->buf));

	if (n == -EAGAIN)
		return 0;
	l->at = 0;
	l->len = n > 0 ? (size_t)n : 0;
	return n > 0 ? 1 : n < 0 ? (int)n : -ENODATA;
}

static int relay_write(struct relay *l)
{
	ssize_t n = sys_write(l->to_fd, l->buf + l->at, l->len);

	if (n == -EAGAIN)
		return 0;
	if (n < 0)
		return (int)n;
	l->at += (size_t)n;
	l->len -= (size_t)n;
	return 0;
}

/*
 * Nobody types any more: say so as a person would, with the end-of-file character.
 * After an unfinished line the first one only hands in that line.
 */
static void type_end(struct front *f)
{
	struct termios t;
	cc_t eof = 4;

	f->in.from_fd = -EBADF;
	if (sys_tty_get(f->p->console_fd, &t) == 0 && t.c_cc[VEOF] != _POSIX_VDISABLE)
		eof = t.c_cc[VEOF];
	f->in.at = 0;
	f->in.len = f->last_in == '\n' ? 1 : 2;
	memset(f->in.buf, eof, 2);
}

static void typed(struct front *f)
{
	int r = relay_read(&f->in);

	if (r > 0)
		f->last_in = f->in.buf[f->in.len - 1];
	else if (r < 0)
		type_end(f);
}

static void show(struct front *f)
{
	int r = relay_write(&f->out);

	if (r == 0)
		return;
	if (r != -EPIPE && r != -EIO)
		log_warn("write to standard output: %s: the rest is lost", err_name(r));
	console_hang_up(f);
}

static void set_size(int console_fd)
{
	unsigned short rows, cols;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (sys_tty_get_size(fd, &rows, &cols) < 0)
			continue;
		if (rows && cols)
			(void)sys_tty_set_size(console_fd, rows, cols);
		return;
	}
}

void foreground_prepare(int console_fd)
{
	struct termios t;

	set_size(console_fd);
	if (sys_isatty(STDIN_FILENO) && sys_isatty(STDOUT_FILENO))
		return;
	if (sys_tty_get(console_fd, &t) < 0)
		return;
	t.c_oflag &= ~(tcflag_t)ONLCR;
	(void)sys_tty_set(console_fd, &t);
}

static int set_raw(struct front *f, struct err *e)
{
	struct termios t = f->old_tty;
	int r;

	cfmakeraw(&t);
	r = sys_tty_set(STDIN_FILENO, &t);
	return r < 0 ? err_sys(e, r, "tcsetattr", "standard input") : 0;
}

/* Make all children that have ended go away, and see whether ours is among them. */
static int reap(struct front *f, struct err *e)
{
	while (!f->has_ended) {
		siginfo_t si;
		int r = sys_waitid(P_ALL, 0, &si, WEXITED | WNOHANG);

		if (r < 0)
			return err_sys_msg(e, r, "waitid", NULL,
					   "process %d is not a child of this one",
					   (int)f->p->pid);
		if (si.si_pid == 0)
			return 0;
		if (si.si_pid != f->p->pid)
			continue;
		f->has_ended = true;
		f->code = si.si_code == CLD_EXITED ? si.si_status : 128 + si.si_status;
	}
	return 0;
}

static void forward(const struct front *f, int sig)
{
	int r = f->p->pidfd >= 0 ? sys_pidfd_send_signal(f->p->pidfd, sig)
				 : sys_kill(f->p->pid, sig);

	if (r < 0 && r != -ESRCH)
		log_warn("cannot pass on signal %d: %s", sig, err_name(r));
}

static bool is_end(int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == SIGHUP || sig == SIGQUIT;
}

static int signalled(struct front *f, int sig, struct err *e)
{
	switch (sig) {
	case SIGCHLD:
		return reap(f, e);
	case SIGWINCH:
		set_size(f->p->console_fd);
		return 0;
	case SIGPIPE:
	case SIGURG: /* some runtimes' own threads are woken by it */
		return 0;
	case SIGCONT:
		/* The shell has had the terminal meanwhile. */
		set_size(f->p->console_fd);
		if (f->is_raw) {
			int r = set_raw(f, e);

			if (r < 0)
				return r;
		}
		break;
	default:
		break;
	}
	if (f->has_ended)
		f->is_cut = f->is_cut || is_end(sig);
	else
		forward(f, sig);
	return 0;
}

static int take_signals(struct front *f, struct err *e)
{
	for (;;) {
		struct signalfd_siginfo si;
		ssize_t n = sys_read(f->signal_fd, &si, sizeof(si));
		int r;

		if (n == -EAGAIN)
			return 0;
		if (n < 0)
			return err_sys(e, (int)n, "read", "signalfd");
		r = signalled(f, (int)si.ssi_signo, e);
		if (r < 0)
			return r;
	}
}

static bool is_ignored(int sig, const struct self_status *self)
{
	struct sigaction action;

	if (self)
		return self->signals_ignored >> (sig - 1) & 1;
	return sigaction(sig, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/*
 * Everything that can be caught and says nothing about our own instructions. What
 * the caller ignores (nohup) stays ignored; job control of our own terminal works
 * as for any program that uses it.
 */
static void fill_mask(sigset_t *set, bool is_raw)
{
	static const int ours[] = { SIGSEGV, SIGBUS, SIGFPE,  SIGILL,
				    SIGTRAP, SIGSYS, SIGTTIN, SIGTTOU };
	struct self_status self;
	int r;

	r = sys_self_status(&self);
	sigfillset(set);
	for (size_t i = 0; i < N_ELEMENTS(ours); i++)
		sigdelset(set, ours[i]);
	if (is_raw)
		sigdelset(set, SIGTSTP);
	for (int sig = 1; sig <= SIGRTMAX; sig++) {
		if (sigismember(set, sig) == 1 && is_ignored(sig, r == 0 ? &self : NULL))
			sigdelset(set, sig);
	}
}

static int open_signals(struct front *f, struct err *e)
{
	sigset_t set;
	int r;

	fill_mask(&set, f->is_raw);
	f->signal_fd = sys_signalfd(&set);
	if (f->signal_fd < 0)
		return err_sys(e, f->signal_fd, "signalfd", NULL);
	r = sys_sigprocmask(SIG_BLOCK, &set, &f->old_mask);
	if (r < 0)
		return err_sys(e, r, "sigprocmask", NULL);
	f->is_masked = true;
	return 0;
}

static int open_console(struct front *f, struct err *e)
{
	int console_fd = f->p->console_fd, r;

	if (console_fd < 0)
		return 0;
	r = sys_set_nonblock(console_fd, true);
	if (r < 0)
		return err_sys(e, r, "fcntl", "console");
	f->peer_fd = sys_pty_peer(console_fd, O_RDWR | O_NOCTTY);
	if (f->peer_fd < 0)
		return err_sys(e, f->peer_fd, "TIOCGPTPEER", "console");
	f->in.from_fd = STDIN_FILENO;
	f->out.to_fd = STDOUT_FILENO;
	f->in.to_fd = f->out.from_fd = console_fd;
	set_size(console_fd);
	if (!f->has_in)
		type_end(f);
	if (!f->has_out)
		console_hang_up(f);
	return f->is_raw ? set_raw(f, e) : 0;
}

static void front_close(struct front *f)
{
	struct signalfd_siginfo si;

	if (f->is_raw)
		(void)sys_tty_set(STDIN_FILENO, &f->old_tty);
	/* What came too late to be passed on must not end the caller instead. */
	while (f->is_masked && sys_read(f->signal_fd, &si, sizeof(si)) > 0)
		;
	if (f->is_masked)
		(void)sys_sigprocmask(SIG_SETMASK, &f->old_mask, NULL);
	fd_close(&f->signal_fd);
	fd_close(&f->peer_fd);
}

/* After the end: is there output that still has to be shown? */
static bool has_tail(struct front *f)
{
	if (f->out.from_fd < 0 || f->is_cut)
		return false;
	if (f->out.len == 0)
		(void)relay_read(&f->out);
	return f->out.len > 0;
}

enum { AT_SIGNAL, AT_PIDFD, AT_STDIN, AT_CONSOLE, AT_STDOUT, N_POLLED };

static void want(struct pollfd *p, int fd, short events)
{
	/* A descriptor nothing is wanted from would still report its hangup. */
	*p = (struct pollfd){ .fd = events ? fd : -1, .events = events };
}

static int turn(struct front *f, struct err *e)
{
	bool runs = !f->has_ended;
	short console = 0;
	struct pollfd fds[N_POLLED];
	int r;

	if (runs && f->in.len > 0)
		console |= POLLOUT;
	if (runs && f->out.len == 0)
		console |= POLLIN;
	want(&fds[AT_SIGNAL], f->signal_fd, POLLIN);
	want(&fds[AT_PIDFD], f->p->pidfd, runs ? POLLIN : 0);
	want(&fds[AT_STDIN], f->in.from_fd, runs && f->in.len == 0 ? POLLIN : 0);
	want(&fds[AT_CONSOLE], f->out.from_fd, console);
	want(&fds[AT_STDOUT], f->out.to_fd, f->out.len > 0 ? POLLOUT : 0);

	r = sys_poll(fds, N_POLLED, -1);
	if (r < 0)
		return err_sys(e, r, "poll", NULL);
	if (fds[AT_STDIN].revents)
		typed(f);
	if (fds[AT_CONSOLE].revents & POLLOUT && relay_write(&f->in) < 0)
		f->in.len = 0;
	if (fds[AT_CONSOLE].revents & ~POLLOUT && f->out.len == 0 &&
	    relay_read(&f->out) < 0)
		console_hang_up(f);
	if (fds[AT_STDOUT].revents)
		show(f);
	r = fds[AT_SIGNAL].revents ? take_signals(f, e) : 0;
	return r == 0 && fds[AT_PIDFD].revents ? reap(f, e) : r;
}

int tare_foreground(struct tare_process *p, int *ret_code, struct err *e)
{
	struct front f = {
		.p = p,
		.signal_fd = -EBADF,
		.peer_fd = -EBADF,
		.in = { .from_fd = -EBADF, .to_fd = -EBADF },
		.out = { .from_fd = -EBADF, .to_fd = -EBADF },
		.last_in = '\n',
	};
	struct stat st;
	int r;

	f.has_in = sys_fstat(STDIN_FILENO, &st) == 0;
	f.has_out = sys_fstat(STDOUT_FILENO, &st) == 0;
	f.is_raw = p->console_fd >= 0 && sys_isatty(STDIN_FILENO) &&
		   sys_tty_get(STDIN_FILENO, &f.old_tty) == 0;
	r = open_signals(&f, e);
	if (r == 0)
		r = open_console(&f, e);
	if (r == 0)
		r = reap(&f, e);
	while (r == 0 && (!f.has_ended || has_tail(&f)))
		r = turn(&f, e);
	front_close(&f);
	if (r < 0)
		return r;
	*ret_code = f.code;
	return 0;
}

void tare_process_close(struct tare_process *p)
{
	fd_close(&p->pidfd);
	fd_close(&p->console_fd);
}
