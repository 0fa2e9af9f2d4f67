/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces: what a descriptor is one of, entering, names of the machine, loopback. */
#include "kernel/ns.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "base/str.h"
#include "kernel/netlink.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/unit.h"

TEST(a_namespace_tells_its_type_and_owner)
{
	static const struct {
		const char *path;
		int type;
	} kinds[] = {
		{ "/proc/self/ns/mnt", CLONE_NEWNS },
		{ "/proc/self/ns/uts", CLONE_NEWUTS },
		{ "/proc/self/ns/user", CLONE_NEWUSER },
		{ "/proc/self/ns/cgroup", CLONE_NEWCGROUP },
		{ "/proc/self/ns/time", CLONE_NEWTIME },
	};

	for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
		autofd int fd = sys_openat(AT_FDCWD, kinds[i].path, O_RDONLY, 0);

		CHECK_INT(sys_ns_type(fd), kinds[i].type);
	}
}

static int ask_owner(void *arg)
{
	autofd int own_fd = sys_openat(AT_FDCWD, "/proc/self/ns/user", O_RDONLY, 0);
	autofd int pid_fd = sys_openat(AT_FDCWD, "/proc/self/ns/pid", O_RDONLY, 0);
	autofd int owner_fd = sys_ns_userns(pid_fd);
	struct stat a, b;
	int wrong = 0;

	(void)arg;
	EXPECT(owner_fd >= 0 && fcntl(owner_fd, F_GETFD) == FD_CLOEXEC);
	EXPECT(sys_ns_type(owner_fd) == CLONE_NEWUSER);
	EXPECT(sys_fstat(own_fd, &a) == 0 && sys_fstat(owner_fd, &b) == 0);
	EXPECT(a.st_ino == b.st_ino);
	EXPECT(sys_ns_parent(pid_fd) == -EPERM); /* not to be seen from inside */
	return wrong;
}

TEST(the_owner_of_a_new_pid_namespace_is_the_new_user_namespace)
{
	int r = child_run(CLONE_NEWUSER | CLONE_NEWPID, ask_owner, NULL);

	if (r == -EPERM || r == -ENOSPC || r == -EINVAL)
		SKIP("user namespaces are not allowed here");
	CHECK_INT(r, 0);
}

static int rename_machine(void *arg)
{
	autofd int old_fd = sys_openat(AT_FDCWD, "/proc/self/ns/uts", O_RDONLY, 0);
	struct utsname before, now;
	int wrong = 0;

	(void)arg;
	EXPECT(uname(&before) == 0);
	EXPECT(sys_unshare(CLONE_NEWUTS) == 0);
	EXPECT(sys_sethostname("web") == 0 && sys_setdomainname("example") == 0);
	EXPECT(uname(&now) == 0 && str_eq(now.nodename, "web"));
	EXPECT(str_eq(now.domainname, "example"));
	EXPECT(sys_setns(old_fd, CLONE_NEWNET) == -EINVAL);
	EXPECT(sys_setns(old_fd, CLONE_NEWUTS) == 0);
	EXPECT(uname(&now) == 0 && str_eq(now.nodename, before.nodename));
	return wrong;
}

TEST(names_are_set_in_a_namespace_and_left_behind_there)
{
	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(0, rename_machine, NULL), 0);
}

static bool loopback_is_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	autofd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0 &&
	       request.ifr_flags & IFF_UP;
}

static int raise_loopback(void *arg)
{
	int wrong = 0;

	(void)arg;
	EXPECT(!loopback_is_up());
	EXPECT(sys_loopback_up() == 0);
	EXPECT(loopback_is_up());
	EXPECT(sys_loopback_up() == 0);
	EXPECT(sys_setresuid(65534, 65534, 65534) == 0);
	EXPECT(sys_loopback_up() == -EPERM);
	return wrong;
}

TEST(the_loopback_of_a_new_network_namespace_comes_up)
{
	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(CLONE_NEWNET, raise_loopback, NULL), 0);
}
