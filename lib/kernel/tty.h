/* SPDX-License-Identifier: Apache-2.0 */
/* tty.h - pseudo-terminals and terminal settings; no policy, see file.h. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct termios;

bool sys_isatty(int fd);
int sys_pty_unlock(int master_fd);          /* TIOCSPTLCK 0 */
int sys_pty_number(int master_fd);          /* TIOCGPTN: N of /dev/pts/N */
int sys_pty_peer(int master_fd, int flags); /* TIOCGPTPEER */
int sys_tty_set_controlling(int fd);        /* TIOCSCTTY */
int sys_tty_get_size(int fd, unsigned short *ret_rows, unsigned short *ret_cols);
int sys_tty_set_size(int fd, unsigned short rows, unsigned short cols);
int sys_tty_get(int fd, struct termios *ret);
int sys_tty_set(int fd, const struct termios *t);
