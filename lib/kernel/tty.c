/* SPDX-License-Identifier: Apache-2.0 */
/* tty.c - pseudo-terminals; see tty.h, ioctl_tty(2). */
#include "kernel/tty.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "kernel/compat.h"
#include "kernel/ret.h"

bool sys_isatty(int fd)
{
	return isatty(fd) == 1;
}

int sys_pty_unlock(int master_fd)
{
	int off = 0;

	return ret_errno(ioctl(master_fd, TIOCSPTLCK, &off));
}

int sys_pty_number(int master_fd)
{
	unsigned n = 0;
	int r = ret_errno(ioctl(master_fd, TIOCGPTN, &n));

	return r < 0 ? r : (int)n;
}

int sys_pty_peer(int master_fd, int flags)
{
	return ret_errno(RESTART(ioctl(master_fd, TIOCGPTPEER, flags | O_CLOEXEC)));
}

int sys_tty_set_controlling(int fd)
{
	return ret_errno(ioctl(fd, TIOCSCTTY, 0));
}

int sys_tty_get_size(int fd, unsigned short *ret_rows, unsigned short *ret_cols)
{
	struct winsize size;
	int r = ret_errno(ioctl(fd, TIOCGWINSZ, &size));

	if (r < 0)
		return r;
	*ret_rows = size.ws_row;
	*ret_cols = size.ws_col;
	return 0;
}

int sys_tty_set_size(int fd, unsigned short rows, unsigned short cols)
{
	const struct winsize size = { .ws_row = rows, .ws_col = cols };

	return ret_errno(ioctl(fd, TIOCSWINSZ, &size));
}

int sys_tty_get(int fd, struct termios *ret)
{
	return ret_errno(tcgetattr(fd, ret));
}

/* At once: draining would wait for a reader that may never come. */
int sys_tty_set(int fd, const struct termios *t)
{
	return ret_errno(RESTART(tcsetattr(fd, TCSANOW, t)));
}
