/* SPDX-License-Identifier: Apache-2.0 */
/* Terminals: what is refused, a real pair on a real devpts, hostile /dev, sending it. */
#include "process/terminal.h"

#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/str.h"
#include "kernel/socket.h"
#include "kernel/tty.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

TEST(a_console_has_at_most_65535_rows_and_columns)
{
	struct spec s = { .process = { .is_set = true,
				       .terminal = true,
				       .console_size = { true, 24, 65536 } } };
	struct err e = { 0 };
	char text[1024];

	CHECK_INT(terminal_check(&s, &e), -EINVAL);
	CHECK_STR(text_of(&e, text), "/process/consoleSize/width: 65536 is above 65535");
	s.process.console_size = (struct spec_console_size){ true, 70000, 80 };
	CHECK_INT(terminal_check(&s, &e), -EINVAL);
	CHECK_STR(text_of(&e, text), "/process/consoleSize/height: 70000 is above 65535");
	s.process.terminal = false; /* then the size is ignored */
	CHECK_INT(terminal_check(&s, NULL), 0);
}

TEST(somebody_must_get_the_terminal_if_there_is_one)
{
	struct spec s = { .process = { .is_set = true, .terminal = true } };
	struct options nobody = { .console_socket = "" },
		       socket = { .console_socket = "/s" }, here = { .foreground = true };
	struct err e = { 0 };
	char text[1024];

	CHECK_INT(terminal_check_options(&s, &nobody, &e), -EINVAL);
	CHECK_STR(text_of(&e, text),
		  "/process/terminal: a terminal needs --console-socket, "
		  "or a run in the foreground");
	CHECK_INT(terminal_check_options(&s, &socket, NULL), 0);
	CHECK_INT(terminal_check_options(&s, &here, NULL), 0);
	s.process.terminal = false;
	CHECK_INT(terminal_check_options(&s, &socket, NULL), 0);
	CHECK_INT(terminal_check_options(&s, &nobody, NULL), 0);
	CHECK_INT(terminal_check_options(&s, &here, NULL), 0);
}

enum dev {
	DEV_USUAL,        /* devpts on /dev/pts */
	DEV_WITH_CONSOLE, /* and a file that is /dev/console */
	DEV_NONE,         /* nothing at all */
	DEV_NO_DEVPTS,    /* /dev/pts of the image, with a fake ptmx */
	DEV_CONSOLE_LINK, /* /dev/console -> /outside */
	DEV_CONSOLE_DIR,
	DEV_PTS_LINK, /* /dev/pts -> /other, which is no devpts */
};

/* In a mount namespace of its own: a tmpfs on /tmp as the container's root. */
static int make_dev(enum dev kind, int *ret_root_fd)
{
	int fd;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/tmp", "tmpfs", 0, "mode=755") < 0)
		return -1;
	fd = *ret_root_fd = sys_openat(AT_FDCWD, "/tmp", O_RDONLY | O_DIRECTORY, 0);
	if (kind == DEV_NONE)
		return 0;
	if (sys_mkdirat(fd, "dev", 0755) < 0 || sys_mkdirat(fd, "outside", 0755) < 0)
		return -1;
	if (kind == DEV_PTS_LINK)
		return sys_symlinkat("/outside", fd, "dev/pts");
	if (sys_mkdirat(fd, "dev/pts", 0755) < 0)
		return -1;
	if (kind == DEV_NO_DEVPTS)
		return sys_mknodat(fd, "dev/pts/ptmx", S_IFCHR | 0666, makedev(5, 2));
	if (kind == DEV_CONSOLE_LINK &&
	    sys_symlinkat("/outside/new", fd, "dev/console") < 0)
		return -1;
	if (kind == DEV_CONSOLE_DIR && sys_mkdirat(fd, "dev/console", 0755) < 0)
		return -1;
	if (kind == DEV_WITH_CONSOLE &&
	    sys_mknodat(fd, "dev/console", S_IFREG | 0600, 0) < 0)
		return -1;
	return mount("devpts", "/tmp/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		     "newinstance,ptmxmode=0666,mode=0620,gid=5");
}

struct console {
	enum dev dev;
	const char *want; /* the message, NULL: it works */
	bool is_exec, no_mount_ns;
};

static int init_in(const struct console *t, struct spec *s, struct inside *in,
		   int *ret_master_fd, struct err *e)
{
	struct plan p = { .spec = s,
			  .is_exec = t->is_exec,
			  .root = { .in_mount_ns = !t->no_mount_ns } };

	*in = (struct inside){ .root_fd = -EBADF, .console_fd = -EBADF };
	if (make_dev(t->dev, &in->root_fd) < 0)
		return 1;
	return terminal_init(&p, in, ret_master_fd, e);
}

static int refused(void *arg)
{
	const struct console *t = arg;
	struct spec s = { .process = { .is_set = true, .terminal = true } };
	struct inside in;
	struct err e = { 0 };
	int master_fd, r = init_in(t, &s, &in, &master_fd, &e);
	char text[1024];
	struct stat st;

	if (r >= 0)
		return 10 + r;
	if (!str_eq(text_of(&e, text), t->want))
		return 20;
	/* Nothing came into being where a link pointed to. */
	return t->dev == DEV_CONSOLE_LINK &&
			       sys_fstatat(in.root_fd, "outside/new", &st, 0) != -ENOENT
		       ? 21
		       : 0;
}

static void check_refused(struct console t)
{
	CHECK_INT(child_run(CLONE_NEWNS, refused, &t), 0);
}

TEST(without_a_devpts_there_is_no_terminal)
{
	if (!is_root())
		SKIP("root");
	check_refused((struct console){
		.dev = DEV_NONE,
		.want = "/process/terminal: there is no devpts (open '/dev/pts/ptmx': "
			"ENOENT)" });
	/* CVE-2025-52565: a place that only looks like one. */
	check_refused((struct console){
		.dev = DEV_NO_DEVPTS,
		.want = "/process/terminal: '/dev/pts' is no devpts (open '/dev/pts/ptmx': "
			"ENODEV)" });
	check_refused((struct console){
		.dev = DEV_PTS_LINK,
		.want = "/process/terminal: '/dev/pts' is no devpts (open '/dev/pts/ptmx': "
			"ENODEV)" });
}

/* CVE-2026-88264 */
TEST(a_console_that_is_a_link_or_a_directory_is_refused)
{
	if (!is_root())
		SKIP("root");
	check_refused((struct console){
		.dev = DEV_CONSOLE_LINK,
		.want = "/process/terminal: '/dev/console' of the rootfs is neither a file "
			"nor a device" });
	check_refused((struct console){
		.dev = DEV_CONSOLE_DIR,
		.want = "/process/terminal: '/dev/console' of the rootfs is neither a file "
			"nor a device" });
}

static bool passes(int from_fd, int to_fd)
{
	struct pollfd fd = { .fd = to_fd, .events = POLLIN };
	char got[8] = "";

	return sys_write(from_fd, "hi", 2) == 2 && sys_poll(&fd, 1, 5000) == 1 &&
	       sys_read(to_fd, got, sizeof(got)) >= 2 && memcmp(got, "hi", 2) == 0;
}

static int works(void *arg)
{
	const struct console *t = arg;
	struct spec s = { .process = { .is_set = true,
				       .terminal = true,
				       .console_size = { true, 30, 100 },
				       .user = { .uid = 1234 } } };
	struct plan p = { .spec = &s };
	struct inside in;
	unsigned short rows, cols;
	struct stat st;
	int master_fd, console_fd, r = init_in(t, &s, &in, &master_fd, NULL);

	if (r != 0 || master_fd < 0 || in.console_fd < 0)
		return 10;
	if (!sys_isatty(in.console_fd) || sys_fstat(in.console_fd, &st) < 0 ||
	    st.st_uid != 1234 || st.st_gid != 5)
		return 11;
	if (sys_tty_get_size(in.console_fd, &rows, &cols) < 0 || rows != 30 ||
	    cols != 100)
		return 12;
	console_fd = sys_openat(in.root_fd, "dev/console", O_RDWR | O_NOCTTY, 0);
	if (t->is_exec || t->no_mount_ns)
		return console_fd == -ENOENT ? 0 : 13;
	if (!sys_isatty(console_fd) || !passes(console_fd, master_fd))
		return 14;
	if (sys_setsid() < 0 || terminal_init_stdio(&p, &in, NULL) < 0 ||
	    in.console_fd >= 0)
		return 15;
	for (int fd = 0; fd <= 2; fd++) {
		if (!sys_isatty(fd) || !passes(fd, master_fd))
			return 16 + fd;
	}
	/* The controlling terminal can be opened by its general name. */
	return sys_openat(AT_FDCWD, "/dev/tty", O_RDWR, 0) >= 0 ? 0 : 19;
}

TEST(the_pair_is_the_users_and_the_console)
{
	struct console t = { .dev = DEV_USUAL };

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, works, &t), 0);
	t.dev = DEV_WITH_CONSOLE;
	CHECK_INT(child_run(CLONE_NEWNS, works, &t), 0);
}

TEST(exec_and_a_foreign_mount_namespace_leave_the_console_alone)
{
	struct console t = { .dev = DEV_USUAL, .is_exec = true };

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, works, &t), 0);
	t = (struct console){ .dev = DEV_USUAL, .no_mount_ns = true };
	CHECK_INT(child_run(CLONE_NEWNS, works, &t), 0);
}

TEST(without_a_terminal_nothing_is_opened)
{
	struct spec s = { .process = { .is_set = true } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF, .console_fd = -EBADF };
	int master_fd = 7;

	CHECK_INT(terminal_init(&p, &in, &master_fd, NULL), 0);
	CHECK_INT(master_fd, -EBADF);
	CHECK_INT(terminal_init_stdio(&p, &in, NULL), 0);
}

TEST(the_master_is_sent_alone_in_one_message_that_is_not_empty)
{
	char dir[] = "/tmp/tare-unit-XXXXXX", path[64], name[4096];
	int pipe_fd[2], got[4] = { -EBADF, -EBADF, -EBADF, -EBADF };
	autofd int listen_fd = -EBADF, peer_fd = -EBADF;
	struct err e = { 0 };
	struct stat sent, received;
	size_t n_got = 4;
	ssize_t n;

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/sock", dir);
	CHECK_INT(sys_pipe(pipe_fd), 0);
	CHECK_INT(terminal_host_send(path, pipe_fd[0], &e), -ENOENT);
	CHECK_STR(e.msg, "nobody listens on the console socket");
	listen_fd = sys_listen_unix(path, SOCK_STREAM);
	CHECK(listen_fd >= 0);
	CHECK_INT(terminal_host_send(path, pipe_fd[0], NULL), 0);
	peer_fd = sys_accept(listen_fd);
	n = sys_recv_fds(peer_fd, name, sizeof(name), got, &n_got);
	CHECK(n > 0);
	CHECK_INT((int64_t)n_got, 1);
	CHECK_INT(sys_fstat(pipe_fd[0], &sent), 0);
	CHECK_INT(sys_fstat(got[0], &received), 0);
	CHECK(sent.st_ino == received.st_ino);
	/* And then the end: nothing else is sent. */
	n_got = 0;
	CHECK_INT(sys_recv_fds(peer_fd, name, sizeof(name), NULL, &n_got), 0);
	fd_close(&got[0]);
	fd_close(&pipe_fd[0]);
	fd_close(&pipe_fd[1]);
	CHECK_INT(unlink(path), 0);
	CHECK_INT(rmdir(dir), 0);
}
