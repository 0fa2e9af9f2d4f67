/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreground.c - a real pty with a program at its inner end and, at the outer one, a
 * forked "front" that calls tare_foreground() with descriptors 0 and 1 of our choice.
 */
#include "tare.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "container/foreground.h"
#include "tests/unit/unit.h"

#define FAILED 99 /* exit code of a front whose tare_foreground() failed */

struct scene {
	int in_fd, out_fd; /* 0 and 1 of the front, borrowed */
	bool no_console, own_session, close_input;
	void (*before)(void); /* runs in the front, before the program exists */
	void (*program)(void);
};

static void pty_open(int *ret_master, int *ret_slave)
{
	char name[64];

	*ret_master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(*ret_master >= 0 && grantpt(*ret_master) == 0 &&
	      unlockpt(*ret_master) == 0);
	CHECK(ptsname_r(*ret_master, name, sizeof(name)) == 0);
	*ret_slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(*ret_slave >= 0);
}

static void program_start(const struct scene *s, int slave)
{
	sigset_t none;

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)setsid();
	if (!s->no_console) {
		(void)ioctl(slave, TIOCSCTTY, 0);
		for (int fd = 0; fd < 3; fd++)
			(void)dup2(slave, fd);
	}
	(void)close_range(3, ~0U, 0);
	s->program();
	_exit(0);
}

static void front_main(const struct scene *s)
{
	struct tare_process p = TARE_PROCESS_NONE;
	struct err e = { 0 };
	int slave = -1, code = 0;
	char line[512];

	if (s->own_session) {
		(void)setsid();
		(void)ioctl(s->in_fd, TIOCSCTTY, 0);
	}
	(void)dup2(s->in_fd, 0);
	(void)dup2(s->out_fd, 1);
	(void)close_range(3, ~0U, 0);
	if (s->before)
		s->before();
	if (!s->no_console)
		pty_open(&p.console_fd, &slave);
	if (!s->no_console)
		foreground_prepare(p.console_fd);
	p.pid = fork();
	if (p.pid == 0)
		program_start(s, slave);
	if (slave >= 0)
		(void)close(slave);
	p.pidfd = (int)syscall(SYS_pidfd_open, p.pid, 0);
	if (s->close_input)
		(void)close(0);
	if (tare_foreground(&p, &code, &e) < 0) {
		err_format(&e, line, sizeof(line));
		fprintf(stderr, "# %s\n", line);
		code = FAILED;
	}
	tare_process_close(&p);
	_exit(code);
}

static pid_t front(struct scene s)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		front_main(&s);
	return pid;
}

/* Its exit code, or -1 when it has to be killed because it hangs. */
static int wait_front(pid_t pid)
{
	siginfo_t si = { 0 };

	for (int i = 0; i < 1000; i++) {
		(void)waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG);
		if (si.si_pid)
			return si.si_code == CLD_EXITED ? si.si_status : -si.si_status;
		(void)usleep(10000);
	}
	(void)kill(pid, SIGKILL);
	(void)waitid(P_PID, (id_t)pid, &si, WEXITED);
	return -1;
}

static int null_fd(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

/* Read until `want` has been seen, or the end, or five seconds; false: not seen. */
static bool see(int fd, const char *want, struct str *got)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];

	while (!want || !strstr(str_text(got), want)) {
		ssize_t n = poll(&p, 1, 5000) == 1 ? read(fd, buf, sizeof(buf)) : 0;

		if (n <= 0)
			return false;
		str_addn(got, buf, (size_t)n);
	}
	return true;
}

static void say(const char *text)
{
	(void)!write(1, text, strlen(text));
}

static void exit_with_7(void)
{
	_exit(7);
}

static void die_of_9(void)
{
	(void)raise(SIGKILL);
}

TEST(the_exit_code_is_the_program_s)
{
	autofd int null = null_fd();

	CHECK_INT(wait_front(front((struct scene){ null, null, .program = exit_with_7 })),
		  7);
	CHECK_INT(wait_front(front((struct scene){ null, null, .no_console = true,
						   .program = exit_with_7 })),
		  7);
}

TEST(a_program_that_a_signal_ended_gives_128_and_the_signal)
{
	autofd int null = null_fd();

	CHECK_INT(wait_front(front((struct scene){ null, null, .program = die_of_9 })),
		  137);
	CHECK_INT(wait_front(front((struct scene){ null, null, .no_console = true,
						   .program = die_of_9 })),
		  137);
}

#define MANY 200000

static void print_much(void)
{
	char line[101];

	memset(line, 'x', 100);
	line[99] = '\n';
	line[100] = '\0';
	for (int i = 0; i < MANY / 100; i++)
		say(line);
}

TEST(the_tail_of_the_output_arrives_after_the_program_has_ended)
{
	autofd int null = null_fd();

	for (int round = 0; round < 10; round++) {
		autostr struct str got = { 0 };
		int out[2];
		pid_t pid;

		CHECK(pipe2(out, O_CLOEXEC) == 0);
		pid = front((struct scene){ null, out[1], .program = print_much });
		(void)close(out[1]);
		(void)usleep(20000); /* the pipe is full, then the pty's buffer */
		(void)see(out[0], NULL, &got);
		(void)close(out[0]);
		CHECK_INT((int64_t)got.len, MANY);
		CHECK_INT(wait_front(pid), 0);
	}
}

TEST(output_in_a_file_is_complete_and_has_no_carriage_returns)
{
	autofd int null = null_fd();
	autofd int file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	static char buf[MANY + 1];

	CHECK(file >= 0);
	CHECK_INT(wait_front(front((struct scene){ null, file, .program = print_much })),
		  0);
	CHECK_INT(pread(file, buf, sizeof(buf), 0), MANY);
	CHECK(!memchr(buf, '\r', sizeof(buf)));
}

/* Print what is read, in brackets, until the end of the input. */
static void echo_lines(void)
{
	char buf[256];
	ssize_t n;

	while ((n = read(0, buf, sizeof(buf) - 1)) > 0) {
		buf[n] = '\0';
		say("[");
		say(buf);
		say("]");
	}
	_exit(n == 0 ? 5 : 6);
}

static void check_input(const char *input)
{
	autostr struct str got = { 0 };
	int in[2], out[2];
	char want[64];
	pid_t pid;

	CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	CHECK(write(in[1], input, strlen(input)) == (ssize_t)strlen(input));
	(void)close(in[1]);
	pid = front((struct scene){ in[0], out[1], .program = echo_lines });
	(void)close(out[1]);
	(void)close(in[0]);
	(void)see(out[0], NULL, &got);
	(void)close(out[0]);
	CHECK(snprintf(want, sizeof(want), "[%s]", input) > 0);
	CHECK(*input == '\0' || strstr(str_text(&got), want));
	CHECK_INT(wait_front(pid), 5);
}

TEST(the_program_sees_the_end_of_an_input_that_is_no_terminal)
{
	check_input("whole line\n");
	check_input("unfinished line");
	check_input("");
}

TEST(a_closed_standard_input_is_an_ended_one)
{
	autofd int null = null_fd();

	CHECK_INT(wait_front(front((struct scene){ null, null, .close_input = true,
						   .program = echo_lines })),
		  5);
}

static volatile sig_atomic_t got_signal;

static void note_signal(int sig)
{
	got_signal = sig;
}

static void catch_all(void)
{
	struct sigaction action = { .sa_handler = note_signal };

	for (int sig = 1; sig <= SIGRTMAX; sig++)
		(void)sigaction(sig, &action, NULL);
}

/* End with the first signal as exit code; "ready" once it can come. */
static void report_signal(void)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	catch_all();
	say("ready\n");
	while (!got_signal || got_signal == SIGWINCH)
		(void)sigsuspend(&none);
	_exit(got_signal);
}

static void ignore_hup(void)
{
	(void)signal(SIGHUP, SIG_IGN);
}

/* What arrives in the program when the front gets these; and the front's exit code. */
static int passed_on(const int *sigs, size_t n, void (*before)(void), bool no_console)
{
	autofd int null = null_fd();
	autostr struct str got = { 0 };
	int out[2];
	pid_t pid;

	CHECK(pipe2(out, O_CLOEXEC) == 0);
	pid = front((struct scene){ null, out[1], .before = before,
				    .no_console = no_console, .program = report_signal });
	(void)close(out[1]);
	CHECK(see(out[0], "ready", &got));
	(void)usleep(
		50000); /* without a console "ready" does not come through the front */
	for (size_t i = 0; i < n; i++)
		(void)kill(pid, sigs[i]);
	(void)close(out[0]);
	return wait_front(pid);
}

TEST(signals_are_passed_on)
{
	static const int each[] = { SIGTERM, SIGINT,  SIGHUP,  SIGQUIT, SIGUSR1,
				    SIGUSR2, SIGALRM, SIGCONT, 37 };

	for (size_t i = 0; i < N_ELEMENTS(each); i++) {
		CHECK_INT(passed_on(&each[i], 1, NULL, true), each[i]);
		CHECK_INT(passed_on(&each[i], 1, NULL, false), each[i]);
	}
}

TEST(signals_about_ourselves_are_not_passed_on)
{
	static const int ours[] = { SIGPIPE, SIGURG, SIGCHLD, SIGWINCH, SIGUSR1 };

	CHECK_INT(passed_on(ours, N_ELEMENTS(ours), NULL, true), SIGUSR1);
}

TEST(what_the_caller_ignores_stays_ignored)
{
	static const int sigs[] = { SIGHUP, SIGUSR1 };

	CHECK_INT(passed_on(sigs, N_ELEMENTS(sigs), ignore_hup, true), SIGUSR1);
}

/* Print the terminal's size now and whenever it changes, until something is typed. */
static void report_size(void)
{
	struct sigaction action = { .sa_handler = note_signal };
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t winch, none;
	struct winsize size;
	char line[64];

	sigemptyset(&none);
	sigemptyset(&winch);
	sigaddset(&winch, SIGWINCH);
	(void)sigprocmask(SIG_BLOCK, &winch, NULL);
	(void)sigaction(SIGWINCH, &action, NULL);
	do {
		(void)ioctl(0, TIOCGWINSZ, &size);
		(void)snprintf(line, sizeof(line), "<%hux%hu>", size.ws_row, size.ws_col);
		say(line);
	} while (ppoll(&p, 1, NULL, &none) != 1);
}

TEST(the_size_of_our_terminal_is_handed_on_at_first_and_when_it_changes)
{
	int master, slave;
	autostr struct str got = { 0 };
	struct winsize size = { .ws_row = 33, .ws_col = 77 };
	pid_t pid;

	pty_open(&master, &slave);
	CHECK(ioctl(master, TIOCSWINSZ, &size) == 0);
	pid = front((struct scene){ slave, slave, .own_session = true,
				    .program = report_size });
	CHECK(see(master, "<33x77>", &got));
	size.ws_row = 44;
	CHECK(ioctl(master, TIOCSWINSZ, &size) == 0);
	CHECK(see(master, "<44x77>", &got));
	CHECK(write(master, "\n", 1) == 1);
	CHECK_INT(wait_front(pid), 0);
	(void)close(master);
	(void)close(slave);
}

static void wait_for_line(void)
{
	char c;

	say("ready");
	(void)!read(0, &c, 1);
}

static bool is_same(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
	       a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
	       memcmp(a->c_cc, b->c_cc, VEOL2 + 1) == 0;
}

static bool is_raw(int fd)
{
	struct termios t;

	return tcgetattr(fd, &t) == 0 && !(t.c_lflag & (ICANON | ECHO | ISIG)) &&
	       !(t.c_oflag & OPOST);
}

TEST(our_terminal_is_raw_meanwhile_and_as_before_afterwards)
{
	int master, slave;
	autostr struct str got = { 0 };
	struct termios before, after;
	pid_t pid;

	pty_open(&master, &slave);
	CHECK(tcgetattr(slave, &before) == 0);
	pid = front((struct scene){ slave, slave, .own_session = true,
				    .program = wait_for_line });
	CHECK(see(master, "ready", &got));
	CHECK(is_raw(slave));
	CHECK(write(master, "\n", 1) == 1);
	CHECK_INT(wait_front(pid), 0);
	CHECK(tcgetattr(slave, &after) == 0);
	CHECK(is_same(&before, &after));
	(void)close(master);
	(void)close(slave);
}

TEST(interrupt_typed_at_a_raw_terminal_reaches_the_program_by_its_own_terminal)
{
	int master, slave;
	autostr struct str got = { 0 };
	pid_t pid;

	pty_open(&master, &slave);
	pid = front((struct scene){ slave, slave, .own_session = true,
				    .program = report_signal });
	CHECK(see(master, "ready", &got));
	CHECK(write(master, "\003", 1) == 1);
	CHECK_INT(wait_front(pid), SIGINT);
	(void)close(master);
	(void)close(slave);
}

/* A process that is no child of the caller: the terminal must be restored too. */
static void front_of_a_stranger(int fd)
{
	struct tare_process p = TARE_PROCESS_NONE;
	struct err e = { 0 };
	int slave, code;

	(void)setsid();
	(void)ioctl(fd, TIOCSCTTY, 0);
	(void)dup2(fd, 0);
	pty_open(&p.console_fd, &slave);
	p.pid = 1;
	_exit(tare_foreground(&p, &code, &e) == -ECHILD && e.code == ECHILD ? 0 : 1);
}

TEST(our_terminal_is_restored_when_it_fails)
{
	int master, slave;
	struct termios before, after;
	pid_t pid;

	pty_open(&master, &slave);
	CHECK(tcgetattr(slave, &before) == 0);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		front_of_a_stranger(slave);
	CHECK_INT(wait_front(pid), 0);
	CHECK(tcgetattr(slave, &after) == 0);
	CHECK(is_same(&before, &after));
	(void)close(master);
	(void)close(slave);
}

static void print_until_signal(void)
{
	catch_all();
	while (!got_signal)
		say("x\n");
	_exit(got_signal);
}

TEST(a_program_whose_reader_is_gone_is_hung_up)
{
	autofd int null = null_fd();
	int out[2];
	pid_t pid;

	CHECK(pipe2(out, O_CLOEXEC) == 0);
	(void)close(out[0]);
	pid = front((struct scene){ null, out[1], .program = print_until_signal });
	(void)close(out[1]);
	CHECK_INT(wait_front(pid), SIGHUP);
}

TEST(a_reader_that_does_not_read_holds_up_neither_signals_nor_the_end)
{
	autofd int null = null_fd();
	int out[2];
	pid_t pid;

	CHECK(pipe2(out, O_CLOEXEC) == 0);
	pid = front((struct scene){ null, out[1], .program = print_until_signal });
	(void)usleep(100000); /* the pipe is full now */
	(void)kill(pid, SIGUSR1);
	(void)usleep(100000); /* ended; its tail has nowhere to go */
	(void)kill(pid, SIGTERM);
	CHECK_INT(wait_front(pid), SIGUSR1);
	(void)close(out[0]);
	(void)close(out[1]);
}

static void close_all_and_sleep(void)
{
	(void)close_range(0, ~0U, 0);
	(void)usleep(300000);
}

TEST(a_terminal_that_nobody_has_open_is_not_waited_for_busily)
{
	autofd int null = null_fd();
	struct rusage before, after;
	int64_t ms;

	CHECK(getrusage(RUSAGE_CHILDREN, &before) == 0);
	CHECK_INT(wait_front(front(
			  (struct scene){ null, null, .program = close_all_and_sleep })),
		  0);
	CHECK(getrusage(RUSAGE_CHILDREN, &after) == 0);
	ms = (after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec -
	      before.ru_stime.tv_sec) *
		     1000 +
	     (after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec -
	      before.ru_stime.tv_usec) /
		     1000;
	CHECK(ms < 200);
}

static void orphan_child(void)
{
	if (fork() == 0)
		(void)usleep(1000000);
	_exit(4);
}

TEST(a_descendant_that_still_has_the_terminal_is_not_waited_for)
{
	autofd int null = null_fd();

	CHECK_INT(
		wait_front(front((struct scene){ null, null, .program = orphan_child })),
		4);
}
