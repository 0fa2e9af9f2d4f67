/* SPDX-License-Identifier: Apache-2.0 */
/* A pseudo-terminal: its peer without a path, its size, the controlling terminal. */
#include "kernel/tty.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include "kernel/file.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/unit.h"

static int open_master(void)
{
	return sys_openat(AT_FDCWD, "/dev/ptmx", O_RDWR | O_NOCTTY, 0);
}

TEST(the_peer_of_a_master_is_the_pts_of_its_number)
{
	autofd int master_fd = open_master();
	autofd int peer_fd = -EBADF;
	struct stat st;

	if (master_fd < 0)
		SKIP("/dev/ptmx cannot be opened");
	CHECK(sys_pty_peer(master_fd, O_RDWR | O_NOCTTY) < 0); /* still locked */
	CHECK_INT(sys_pty_unlock(master_fd), 0);
	peer_fd = sys_pty_peer(master_fd, O_RDWR | O_NOCTTY);
	CHECK(peer_fd >= 0);
	CHECK_INT(fcntl(peer_fd, F_GETFD), FD_CLOEXEC);
	CHECK(sys_isatty(peer_fd) && sys_isatty(master_fd));
	CHECK_INT(sys_fstat(peer_fd, &st), 0);
	CHECK_INT(sys_pty_number(master_fd), (int)minor(st.st_rdev));
	CHECK_INT(sys_pty_number(peer_fd), -ENOTTY);
}

TEST(size_and_settings_are_kept)
{
	autofd int master_fd = open_master();
	unsigned short rows = 0, cols = 0;
	struct termios t, again;

	if (master_fd < 0)
		SKIP("/dev/ptmx cannot be opened");
	CHECK_INT(sys_tty_set_size(master_fd, 33, 111), 0);
	CHECK_INT(sys_tty_get_size(master_fd, &rows, &cols), 0);
	CHECK(rows == 33 && cols == 111);
	CHECK_INT(sys_tty_get(master_fd, &t), 0);
	CHECK(t.c_lflag & ECHO);
	t.c_lflag &= ~(tcflag_t)ECHO;
	CHECK_INT(sys_tty_set(master_fd, &t), 0);
	CHECK_INT(sys_tty_get(master_fd, &again), 0);
	CHECK(!(again.c_lflag & ECHO));
}

static int take_terminal(void *arg)
{
	int peer_fd = *(const int *)arg;
	int wrong = 0;
	autofd int tty_fd = -EBADF;

	EXPECT(sys_setsid() > 0);
	EXPECT(sys_openat(AT_FDCWD, "/dev/tty", O_RDWR, 0) == -ENXIO);
	EXPECT(sys_tty_set_controlling(peer_fd) == 0);
	tty_fd = sys_openat(AT_FDCWD, "/dev/tty", O_RDWR, 0);
	EXPECT(tty_fd >= 0);
	return wrong;
}

TEST(a_session_leader_gets_a_controlling_terminal)
{
	autofd int master_fd = open_master();
	autofd int peer_fd = -EBADF;

	if (master_fd < 0)
		SKIP("/dev/ptmx cannot be opened");
	CHECK_INT(sys_pty_unlock(master_fd), 0);
	peer_fd = sys_pty_peer(master_fd, O_RDWR | O_NOCTTY);
	CHECK_INT(child_run(0, take_terminal, &peer_fd), 0);
}

TEST(a_pipe_is_no_terminal)
{
	unsigned short rows, cols;
	struct termios t;
	int fds[2];

	CHECK_INT(sys_pipe(fds), 0);
	CHECK(!sys_isatty(fds[0]) && !sys_isatty(-EBADF));
	CHECK_INT(sys_tty_get_size(fds[0], &rows, &cols), -ENOTTY);
	CHECK_INT(sys_tty_get(fds[0], &t), -ENOTTY);
	CHECK_INT(sys_pty_peer(fds[0], O_RDWR), -ENOTTY);
	fd_close(&fds[0]);
	fd_close(&fds[1]);
}
