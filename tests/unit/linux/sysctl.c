/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel parameters: which are allowed, which file they are, writing real ones. */
#include "linux/sysctl.h"

#include <sched.h>
#include <sys/stat.h>

#include "base/str.h"
#include "kernel/procfs.h"
#include "linux/namespaces.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static struct spec make(struct spec_namespace *ns, size_t n_ns, struct str_pair *v,
			size_t n)
{
	return (struct spec){ .linux = { .namespaces = { n_ns, ns },
					 .sysctl = { n, v } } };
}

static const char *refusal(struct spec_namespace *ns, size_t n_ns, const char *key,
			   char text[1024])
{
	struct str_pair v[] = { { key, "1" } };
	struct spec s = make(ns, n_ns, v, 1);
	struct err e = { 0 };

	return sysctl_check(&s, &e) < 0 ? text_of(&e, text) : NULL;
}

static struct spec_namespace all[] = { { "ipc", NULL },   { "network", NULL },
				       { "uts", NULL },   { "user", NULL },
				       { "mount", NULL }, { "pid", NULL } };

TEST(what_the_kernel_keeps_per_namespace_is_allowed_in_both_spellings)
{
	static const char *const keys[] = {
		"kernel.shmmax",
		"kernel/msgmnb",
		"kernel.sem",
		"kernel.shm_rmid_forced",
		"fs.mqueue.msg_max",
		"net.ipv4.ip_forward",
		"net/ipv4/conf/eth0.1/rp_filter",
		"net.ipv4.conf.eth0/1.rp_filter",
		"user.max_user_namespaces",
		"kernel.domainname",
		"kernel.hostname",
	};
	char text[1024];

	for (size_t i = 0; i < N_ELEMENTS(keys); i++)
		CHECK_STR(refusal(all, 6, keys[i], text), NULL);
}

TEST(anything_else_would_change_the_host)
{
	static const char *const keys[] = {
		"kernel.panic", "vm.swappiness", "kernel.shm",     "kernel.shmmaxx",
		"kernel.sem.x", "netx.ipv4",     "fs.mqueuex.y",   "fs.file-max",
		"net",          "kernel",        "dev.cdrom.info",
	};
	char text[1024], want[128];

	for (size_t i = 0; i < N_ELEMENTS(keys); i++) {
		(void)snprintf(
			want, sizeof(want),
			"/linux/sysctl/%s: '%s' is no parameter of a namespace, it "
			"would be changed on the host",
			keys[i], keys[i]);
		CHECK_STR(refusal(all, 6, keys[i], text), want);
	}
}

TEST(a_parameter_needs_its_namespace)
{
	char text[1024];

	CHECK_STR(
		refusal(NULL, 0, "net.core.somaxconn", text),
		"/linux/sysctl/net.core.somaxconn: 'net.core.somaxconn' would be changed on "
		"the host: there is no network namespace in /linux/namespaces");
	CHECK(strstr(refusal(all + 1, 1, "kernel.sem", text), "no ipc namespace"));
	CHECK(strstr(refusal(all, 2, "user.max_user_namespaces", text),
		     "no user namespace"));
	CHECK(strstr(refusal(all, 2, "kernel.domainname", text), "no uts namespace"));
}

/* CVE-2022-0811: a key that leads elsewhere. */
TEST(a_key_that_climbs_or_is_empty_somewhere_is_no_name)
{
	static const char *const keys[] = {
		"",
		".",
		"net..ipv4",
		"net/../kernel/panic",
		"net.//.kernel.panic",
		"net/ipv4/",
		"/net/ipv4/ip_forward",
		"net.ipv4.ip_forward.",
		"net/./ipv4",
		"net/ipv4//ip_forward",
		"kernel/../vm/swappiness",
	};
	char text[1024];

	for (size_t i = 0; i < N_ELEMENTS(keys); i++) {
		const char *said = refusal(all, 6, keys[i], text);

		CHECK(said && strstr(said, "is no name of a kernel parameter"));
	}
}

TEST(a_key_of_any_length_is_refused_not_cut)
{
	char key[400], text[1024];
	const char *said;

	memset(key, 'x', sizeof(key));
	memcpy(key, "net.", 4);
	key[sizeof(key) - 1] = '\0';
	said = refusal(all, 6, key, text);
	CHECK(said && strstr(said, "is no name of a kernel parameter"));
}

TEST(a_name_that_has_its_own_field_must_not_be_set_twice)
{
	struct str_pair v[] = { { "kernel.hostname", "a" } };
	struct spec s = make(all, 6, v, 1);
	struct err e = { 0 };
	char text[1024];

	CHECK_INT(sysctl_check(&s, NULL), 0);
	s.hostname = "web";
	CHECK_INT(sysctl_check(&s, &e), -EINVAL);
	CHECK_STR(text_of(&e, text),
		  "/linux/sysctl/kernel.hostname: /hostname sets that already");
	v[0].key = "kernel/domainname";
	s.domainname = "example";
	CHECK_INT(sysctl_check(&s, &e), -EINVAL);
	CHECK_STR(text_of(&e, text),
		  "/linux/sysctl/kernel~1domainname: /domainname sets that "
		  "already");
}

TEST(the_plan_names_files)
{
	struct str_pair v[] = { { "net.ipv4.conf.eth0/1.rp_filter", "2" },
				{ "net/ipv4/conf/eth0.1/rp_filter", "1" },
				{ "kernel.sem", "1 2 3 4" } };
	struct spec s = make(all, 6, v, 3);
	struct plan p = { 0 };

	CHECK_INT(sysctl_plan(&s, NULL, &p, NULL), 0);
	CHECK_INT((int64_t)p.sysctls.n, 3);
	CHECK_STR(p.sysctls.v[0].file, "net/ipv4/conf/eth0.1/rp_filter");
	CHECK_STR(p.sysctls.v[1].file, "net/ipv4/conf/eth0.1/rp_filter");
	CHECK_STR(p.sysctls.v[2].file, "kernel/sem");
	CHECK_STR(p.sysctls.v[2].value, "1 2 3 4");
	CHECK_STR(p.sysctls.v[0].key, "net.ipv4.conf.eth0/1.rp_filter");
	arena_free(&p.arena);
}

static int host_check(struct spec *s, struct err *e)
{
	struct plan p = { 0 };
	struct inside in = { .proc_fd = -EBADF };
	int r;

	for (int i = 0; i < NS_KINDS; i++)
		in.ns_fd[i] = -EBADF;
	CHECK_INT(namespaces_plan(s, NULL, &p, NULL), 0);
	CHECK_INT(sysctl_plan(s, NULL, &p, NULL), 0);
	CHECK_INT(namespaces_host_open(&p, &in, NULL), 0);
	r = sysctl_host(&p, &in, e);
	for (int i = 0; i < NS_KINDS; i++)
		fd_close(&in.ns_fd[i]);
	arena_free(&p.arena);
	return r;
}

TEST(the_hosts_network_is_known_by_what_it_is_not_by_its_path)
{
	struct spec_namespace ns[] = { { "network", "/proc/self/ns/net" },
				       { "ipc", NULL } };
	struct str_pair v[] = { { "kernel.sem", "1 2 3 4" },
				{ "net.ipv4.ip_forward", "1" } };
	struct spec s = make(ns, 2, v, 2);
	struct err e = { 0 };
	char text[1024];

	CHECK_INT(sysctl_check(&s, NULL), 0);
	CHECK_INT(host_check(&s, &e), -EINVAL);
	CHECK_STR(
		text_of(&e, text),
		"/linux/sysctl/net.ipv4.ip_forward: 'net.ipv4.ip_forward' would be changed "
		"on the host: '/proc/self/ns/net' is the host's network namespace");
	s.linux.sysctl.n = 1; /* kernel.sem alone does not care */
	CHECK_INT(host_check(&s, NULL), 0);
}

TEST(a_foreign_network_is_fine)
{
	struct str_pair v[] = { { "net.ipv4.ip_forward", "1" } };
	struct holder h;
	char path[64];

	if (!is_root())
		SKIP("root");
	CHECK(holder_start(&h, 0, CLONE_NEWNET));
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)h.pid);
	{
		struct spec_namespace ns[] = { { "network", path } };
		struct spec s = make(ns, 1, v, 1);

		CHECK_INT(host_check(&s, NULL), 0);
	}
	holder_stop(&h);
}

struct writing {
	struct plan plan;
	const char *file, *value; /* what must be read afterwards */
	const char *refusal;      /* or what must be said */
};

static int write_and_read(void *arg)
{
	const struct writing *w = arg;
	struct inside in = { .proc_fd = procfs_new() };
	struct err e = { 0 };
	char text[1024] = "";
	autofd int fd = -EBADF;
	ssize_t n;

	if (in.proc_fd < 0)
		return 10;
	if (sysctl_init(&w->plan, &in, &e) < 0)
		return w->refusal && str_eq(text_of(&e, text), w->refusal) ? 0 : 11;
	if (w->refusal)
		return 12;
	fd = procfs_open(in.proc_fd, w->file, O_RDONLY);
	n = fd < 0 ? fd : file_read_fd(fd, text, sizeof(text) - 1);
	if (n < 0)
		return 13;
	text[n] = '\0';
	return str_eq(text, w->value) ? 0 : 14;
}

TEST(values_are_written_inside_the_namespace)
{
	struct str_pair v[] = { { "kernel.shmmni", "77" },
				{ "net.ipv4.ip_forward", "1" } };
	struct spec s = make(all, 2, v, 2);
	struct writing w = { .file = "sys/net/ipv4/ip_forward", .value = "1\n" };
	char host[64] = "";

	if (!is_root())
		SKIP("root");
	CHECK_INT(sysctl_plan(&s, NULL, &w.plan, NULL), 0);
	CHECK_INT(child_run(CLONE_NEWIPC | CLONE_NEWNET, write_and_read, &w), 0);
	w.file = "sys/kernel/shmmni";
	w.value = "77\n";
	CHECK_INT(child_run(CLONE_NEWIPC | CLONE_NEWNET, write_and_read, &w), 0);
	CHECK(file_read_at(AT_FDCWD, "/proc/sys/kernel/shmmni", host, sizeof(host)) > 0);
	CHECK(strcmp(host, "77") != 0);
	arena_free(&w.plan.arena);
}

TEST(an_empty_value_empties_a_list)
{
	struct str_pair v[] = { { "net.ipv4.ip_local_reserved_ports", "5000-5005" },
				{ "net/ipv4/ip_local_reserved_ports", "" } };
	struct spec s = make(all, 2, v, 2);
	struct writing w = { .file = "sys/net/ipv4/ip_local_reserved_ports",
			     .value = "\n" };

	if (!is_root())
		SKIP("root");
	CHECK_INT(sysctl_plan(&s, NULL, &w.plan, NULL), 0);
	CHECK_INT(child_run(CLONE_NEWIPC | CLONE_NEWNET, write_and_read, &w), 0);
	arena_free(&w.plan.arena);
}

TEST(a_parameter_this_kernel_lacks_and_a_wrong_value_are_said)
{
	struct str_pair v[] = { { "net.ipv4.nothing_like_it", "1" } };
	struct spec s = make(all, 2, v, 1);
	struct writing w = {
		.refusal = "/linux/sysctl/net.ipv4.nothing_like_it: this kernel has no "
			   "parameter 'net.ipv4.nothing_like_it' (open "
			   "'/proc/sys/net/ipv4/nothing_like_it': ENOENT)",
	};

	if (!is_root())
		SKIP("root");
	CHECK_INT(sysctl_plan(&s, NULL, &w.plan, NULL), 0);
	CHECK_INT(child_run(CLONE_NEWIPC | CLONE_NEWNET, write_and_read, &w), 0);
	v[0] = (struct str_pair){ "net.ipv4.ip_forward", "yes" };
	w.refusal =
		"/linux/sysctl/net.ipv4.ip_forward: 'net.ipv4.ip_forward' cannot be set "
		"to 'yes' (write '/proc/sys/net/ipv4/ip_forward': EINVAL)";
	CHECK_INT(sysctl_plan(&s, NULL, &w.plan, NULL), 0);
	CHECK_INT(child_run(CLONE_NEWIPC | CLONE_NEWNET, write_and_read, &w), 0);
	arena_free(&w.plan.arena);
}
