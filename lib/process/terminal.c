/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.c - open a pty inside, make it the console; pty(7), ioctl_tty(2).
 *
 * OCI: /process/terminal, /process/consoleSize/height, /process/consoleSize/width
 *
 * No name that the image could have made a link of is trusted: ptmx must lie on a
 * devpts, the other side is had by TIOCGPTPEER and not by its number
 * (CVE-2025-52565), and /dev/console is opened and made without following anything
 * (CVE-2026-88264).
 */
#include "process/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/socket.h"
#include "kernel/tty.h"

#define SIZE_MAX_CELLS USHRT_MAX

static const char pts_path[] = "/dev/pts";
static const char ptmx_path[] = "/dev/pts/ptmx";
static const char console_path[] = "/dev/console";

static int check_cells(uint64_t v, const char *name, struct err *e)
{
	if (v <= SIZE_MAX_CELLS)
		return 0;
	return err_at(e, err_config(e, "%" PRIu64 " is above %d", v, SIZE_MAX_CELLS),
		      "/process/consoleSize/%s", name);
}

int terminal_check(const struct spec *s, struct err *e)
{
	const struct spec_console_size *size = &s->process.console_size;
	int r;

	if (!s->process.terminal || !size->is_set)
		return 0;
	r = check_cells(size->height, "height", e);
	return r < 0 ? r : check_cells(size->width, "width", e);
}

int terminal_check_options(const struct spec *s, const struct options *o, struct err *e)
{
	bool has_socket = !str_empty(o->console_socket);

	if (!s->process.is_set)
		return 0;
	if (s->process.terminal && !has_socket && !o->foreground)
		return err_at(e,
			      err_usage(e, "a terminal needs --console-socket, or a run "
					   "in the foreground"),
			      "/process/terminal");
	/* A socket without a terminal is left alone: callers pass it either way. */
	return 0;
}

static int no_devpts(int r, const char *why, struct err *e)
{
	return err_hint(e, err_sys_msg(e, r, "open", ptmx_path, "%s", why),
			"a terminal needs a devpts mounted on /dev/pts");
}

/* The directory first: on a devpts "ptmx" is the kernel's, elsewhere it is not opened. */
static int open_ptmx(int root_fd, int *ret_fd, struct err *e)
{
	autofd int dir_fd = beneath_open(root_fd, pts_path, O_PATH | O_DIRECTORY);
	autofd int fd = -EBADF;
	struct stat st;
	long type;
	int r = dir_fd < 0 ? dir_fd : sys_fstatfs_type(dir_fd, &type);

	if (r < 0)
		return no_devpts(r, "there is no devpts", e);
	if (type != DEVPTS_SUPER_MAGIC)
		return no_devpts(-ENODEV, "'/dev/pts' is no devpts", e);
	fd = sys_openat(dir_fd, "ptmx", O_RDWR | O_NOCTTY | O_NOFOLLOW, 0);
	if (fd < 0)
		return err_sys(e, fd, "open", ptmx_path);
	r = sys_fstat(fd, &st);
	if (r < 0)
		return err_sys(e, r, "stat", ptmx_path);
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2))
		return no_devpts(-ENODEV, "it is something else", e);
	*ret_fd = take_fd(&fd);
	return 0;
}

/* The group stays the one of the devpts option gid=: tty, for write(1) and the like. */
static int prepare_peer(const struct spec_process *process, int fd, struct err *e)
{
	const struct spec_console_size *size = &process->console_size;
	int r = sys_fchown(fd, process->user.uid, UINT32_MAX);

	if (r < 0)
		return err_sys(e, r, "fchown", "terminal");
	if (!size->is_set)
		return 0;
	r = sys_tty_set_size(fd, (unsigned short)size->height,
			     (unsigned short)size->width);
	if (r < 0)
		return err_at(e, err_sys(e, r, "TIOCSWINSZ", "terminal"),
			      "/process/consoleSize");
	return 0;
}

static int open_peer(int master_fd, int *ret_fd, struct err *e)
{
	int fd, r = sys_pty_unlock(master_fd);

	if (r < 0)
		return err_sys(e, r, "TIOCSPTLCK", ptmx_path);
	fd = sys_pty_peer(master_fd, O_RDWR | O_NOCTTY);
	if (fd < 0)
		return err_sys(e, fd, "TIOCGPTPEER", ptmx_path);
	*ret_fd = fd;
	return 0;
}

/* Made if missing; what is there may be a file or a device, nothing that leads on. */
static int open_console(int root_fd, int *ret_fd, struct err *e)
{
	char name[NAME_MAX + 1];
	autofd int dir_fd =
		beneath_parent(root_fd, console_path, true, name, sizeof(name));
	autofd int fd = -EBADF;
	struct stat st;
	int r;

	if (dir_fd < 0)
		return err_sys(e, dir_fd, "open", "/dev");
	r = sys_mknodat(dir_fd, name, S_IFREG | 0620, 0);
	if (r < 0 && r != -EEXIST)
		return err_sys(e, r, "mknod", console_path);
	fd = sys_openat(dir_fd, name, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0)
		return err_sys(e, fd, "open", console_path);
	r = sys_fstat(fd, &st);
	if (r < 0)
		return err_sys(e, r, "stat", console_path);
	if (!S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode))
		return err_sys_msg(e, -EINVAL, NULL, NULL,
				   "'%s' of the rootfs is neither a file nor a device",
				   console_path);
	*ret_fd = take_fd(&fd);
	return 0;
}

static int attach_console(int root_fd, int peer_fd, struct err *e)
{
	autofd int target_fd = -EBADF;
	autofd int tree_fd = -EBADF;
	int r = open_console(root_fd, &target_fd, e);

	if (r < 0)
		return r;
	tree_fd = sys_open_tree(peer_fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE);
	if (tree_fd < 0)
		return err_sys(e, tree_fd, "open_tree", "terminal");
	r = sys_move_mount(tree_fd, "", target_fd, "",
			   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	if (r < 0)
		return err_sys(e, r, "move_mount", console_path);
	return 0;
}

static int make_terminal(const struct plan *p, struct inside *in, int *ret_master_fd,
			 struct err *e)
{
	autofd int master_fd = -EBADF;
	int r = open_ptmx(in->root_fd, &master_fd, e);

	if (r == 0)
		r = open_peer(master_fd, &in->console_fd, e);
	if (r == 0)
		r = prepare_peer(&p->spec->process, in->console_fd, e);
	if (r == 0 && p->root.in_mount_ns && !p->is_exec)
		r = attach_console(in->root_fd, in->console_fd, e);
	if (r == 0)
		*ret_master_fd = take_fd(&master_fd);
	return r;
}

int terminal_init(const struct plan *p, struct inside *in, int *ret_master_fd,
		  struct err *e)
{
	int r;

	*ret_master_fd = -EBADF;
	if (!p->spec->process.terminal)
		return 0;
	r = make_terminal(p, in, ret_master_fd, e);
	return r < 0 ? err_at(e, r, "/process/terminal") : 0;
}

static int take_over_stdio(int console_fd, struct err *e)
{
	int r = sys_tty_set_controlling(console_fd);

	if (r < 0)
		return err_sys(e, r, "TIOCSCTTY", "terminal");
	for (int fd = 0; fd <= 2; fd++) {
		r = console_fd == fd ? sys_set_cloexec(fd, false)
				     : sys_dup3(console_fd, fd, false);
		if (r < 0)
			return err_sysf(e, r, "dup3", "descriptor %d", fd);
	}
	return 0;
}

int terminal_init_stdio(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)p;
	if (in->console_fd < 0)
		return 0;
	r = take_over_stdio(in->console_fd, e);
	if (r < 0)
		return err_at(e, r, "/process/terminal");
	if (in->console_fd > 2)
		fd_close(&in->console_fd);
	in->console_fd = -EBADF;
	return 0;
}

/* go-runc reads the name into 4096 bytes and refuses an empty message. */
int terminal_host_send(const char *path, int master_fd, struct err *e)
{
	static const char name[] = "/dev/ptmx";
	autofd int fd = sys_connect_unix(path);
	int r;

	if (fd < 0)
		return err_sys_msg(e, fd, "connect", path,
				   "nobody listens on the console socket");
	r = sys_send_fds(fd, name, strlen(name), &master_fd, 1);
	if (r < 0)
		return err_sys(e, r, "send terminal", path);
	return 0;
}
