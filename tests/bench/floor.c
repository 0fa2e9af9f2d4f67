/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c - the kernel's part of `run` of a default config and nothing else.
 *
 * usage: floor BUNDLE STATE-ROOT ID
 *
 * Namespaces, a cgroup (v2: cloned into; v1: devices, freezer, memory, pids by `tasks`),
 * the mounts, device nodes and masks of the `spec` config, pivot_root, ids and
 * capabilities, execve, wait, removal; a state directory with one file. No JSON, no
 * path checks, no messages: a limit to measure against, not a runtime.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

int umount2(const char *target, int flags);
int mount(const char *source, const char *target, const char *type, unsigned long flags,
	  const void *data);

static void must(long r, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static const char *const v1[] = { "devices", "freezer", "memory", "pids" };
static int tasks_fd[N(v1)], v2_fd = -1;
static char id[128];

static void make_cgroups(void)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/fs/cgroup/%s", id);
	if (access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0) {
		must(mkdir(path, 0755), path);
		v2_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		must(v2_fd, path);
		return;
	}
	for (size_t i = 0; i < N(v1); i++) {
		snprintf(path, sizeof(path), "/sys/fs/cgroup/%s/%s", v1[i], id);
		must(mkdir(path, 0755), path);
		strcat(path, "/tasks");
		tasks_fd[i] = open(path, O_WRONLY | O_CLOEXEC);
		must(tasks_fd[i], path);
	}
}

static void remove_cgroups(void)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/fs/cgroup/%s", id);
	if (v2_fd >= 0)
		must(rmdir(path), path);
	for (size_t i = 0; v2_fd < 0 && i < N(v1); i++) {
		snprintf(path, sizeof(path), "/sys/fs/cgroup/%s/%s", v1[i], id);
		must(rmdir(path), path);
	}
}

static int new_fs(const char *type, const char *const *options, unsigned attr)
{
	int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC), fd;

	must(fs, type);
	for (; options && *options; options += 2)
		must(syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, options[0],
			     options[1], 0),
		     options[0]);
	must(syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0), type);
	fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attr);
	must(fd, type);
	close(fs);
	return fd;
}

static void attach(int fd, const char *path)
{
	must(syscall(SYS_move_mount, fd, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH),
	     path);
}

static void make_mounts(void)
{
	static const char *const dev[] = { "mode", "755", "size", "65536k", NULL };
	static const char *const pts[] = { "newinstance", "",     "ptmxmode",
					   "0666",        "mode", "0620",
					   "gid",         "5",    NULL };
	static const char *const shm[] = { "mode", "1777", "size", "65536k", NULL };
	unsigned nsd = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
		 all = nsd | MOUNT_ATTR_NOEXEC;
	static const char *const masked[] = { "proc/kcore", "proc/keys",
					      "proc/timer_list" };
	static const char *const masked_dir[] = { "proc/acpi", "proc/scsi",
						  "sys/firmware" };
	static const char *const readonly[] = { "proc/bus", "proc/fs", "proc/irq",
						"proc/sys" };
	static const struct {
		const char *path;
		int minor, major;
	} node[] = { { "dev/null", 3, 1 },    { "dev/zero", 5, 1 },
		     { "dev/full", 7, 1 },    { "dev/random", 8, 1 },
		     { "dev/urandom", 9, 1 }, { "dev/tty", 0, 5 } };
	struct mount_attr ro = { .attr_set = MOUNT_ATTR_RDONLY };
	int fd, empty_fd;

	attach(new_fs("proc", NULL, 0), "proc");
	attach(new_fs("tmpfs", dev, MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME), "dev");
	must(mkdir("dev/pts", 0755) | mkdir("dev/shm", 0755) | mkdir("dev/mqueue", 0755),
	     "mkdir");
	attach(new_fs("devpts", pts + 2, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC),
	       "dev/pts");
	attach(new_fs("tmpfs", shm, all), "dev/shm");
	attach(new_fs("mqueue", NULL, all), "dev/mqueue");
	attach(new_fs("sysfs", NULL, all | MOUNT_ATTR_RDONLY), "sys");
	if (v2_fd >= 0)
		attach(new_fs("cgroup2", NULL, all | MOUNT_ATTR_RDONLY), "sys/fs/cgroup");
	umask(0);
	for (size_t i = 0; i < N(node); i++)
		must(mknod(node[i].path, S_IFCHR | 0666,
			   makedev((unsigned)node[i].major, (unsigned)node[i].minor)),
		     node[i].path);
	must(symlink("pts/ptmx", "dev/ptmx") | symlink("/proc/self/fd", "dev/fd") |
		     symlink("/proc/self/fd/0", "dev/stdin") |
		     symlink("/proc/self/fd/1", "dev/stdout") |
		     symlink("/proc/self/fd/2", "dev/stderr"),
	     "symlink");
	for (size_t i = 0; i < N(readonly); i++) {
		fd = (int)syscall(SYS_open_tree, AT_FDCWD, readonly[i],
				  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (fd < 0)
			continue;
		must(syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &ro, sizeof(ro)),
		     "ro");
		attach(fd, readonly[i]);
	}
	for (size_t i = 0; i < N(masked); i++) {
		fd = (int)syscall(SYS_open_tree, AT_FDCWD, "dev/null",
				  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		must(fd, "dev/null");
		if (access(masked[i], F_OK) == 0)
			attach(fd, masked[i]);
		close(fd);
	}
	empty_fd = new_fs("tmpfs", NULL, MOUNT_ATTR_RDONLY);
	for (size_t i = 0; i < N(masked_dir); i++) {
		if (access(masked_dir[i], F_OK) < 0)
			continue;
		if (empty_fd >= 0) {
			attach(empty_fd, masked_dir[i]);
			empty_fd = -1;
			fd = -1;
			continue;
		}
		fd = (int)syscall(SYS_open_tree, AT_FDCWD, masked_dir[i - 1],
				  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (fd >= 0)
			attach(fd, masked_dir[i]);
	}
}

static void loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd, "socket");
	must(ioctl(fd, SIOCSIFFLAGS, &ifr), "lo");
	close(fd);
}

static void drop_rights(void)
{
	uint64_t keep = 1 << CAP_AUDIT_WRITE | 1 << CAP_KILL | 1 << CAP_NET_BIND_SERVICE;
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	struct rlimit limit = { 1024, 1024 };

	must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
	must(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, id, 0, 0, 0), "keyctl");
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if (!(keep >> cap & 1))
			must(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0), "bounding");
	}
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].permitted = (uint32_t)(keep >> (32 * i));
	must(syscall(SYS_capset, &head, data), "capset");
}

static _Noreturn void child(const char *bundle)
{
	char root[512];
	char *const argv[] = { "/true", NULL }, *const envp[] = { NULL };

	for (size_t i = 0; v2_fd < 0 && i < N(v1); i++)
		must(write(tasks_fd[i], "0", 1), "tasks");
	must(unshare(CLONE_NEWCGROUP), "unshare");
	must(setsid(), "setsid");
	loopback_up();
	must(mount(NULL, "/", NULL, 1 << 19 | 16384, NULL), "rslave");
	snprintf(root, sizeof(root), "%s/rootfs", bundle);
	must(mount(root, root, NULL, 4096 | 16384, NULL), "bind");
	must(chdir(root), root);
	make_mounts();
	must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", 2), "umount");
	must(chdir("/"), "chdir");
	must(sethostname("tare", 4), "sethostname");
	drop_rights();
	execve("/true", argv, envp);
	must(-1, "execve");
	_exit(1);
}

int main(int argc, char *argv[])
{
	struct clone_args args = {
		.flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
			 CLONE_NEWUTS,
		.exit_signal = SIGCHLD,
	};
	char dir[512], tmp[600], file[600];
	int fd, status;
	long pid;

	if (argc != 4)
		return 1;
	snprintf(id, sizeof(id), "%s", argv[3]);
	mkdir(argv[2], 0700);
	snprintf(dir, sizeof(dir), "%s/%s", argv[2], id);
	must(mkdir(dir, 0700), dir);
	snprintf(tmp, sizeof(tmp), "%s/.state", dir);
	snprintf(file, sizeof(file), "%s/state", dir);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	must(fd, tmp);
	must(write(fd, id, strlen(id)), tmp);
	close(fd);
	must(rename(tmp, file), file);

	make_cgroups();
	if (v2_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)v2_fd;
	}
	pid = syscall(SYS_clone3, &args, sizeof(args));
	must(pid, "clone3");
	if (pid == 0)
		child(argv[1]);
	must(waitpid((pid_t)pid, &status, 0), "waitpid");
	remove_cgroups();
	must(unlink(file) | rmdir(dir), dir);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
