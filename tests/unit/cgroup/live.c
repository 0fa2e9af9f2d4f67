/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.c - the verbs on the hierarchies of this machine, as root: what the kernel makes
 * of the writes that the other tests look at. Each test has a cgroup of its own, at
 * /tare-test-PID, and runs once for every view of the machine that it applies to: as it
 * is, v1 alone, v2 alone.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "cgroup/cgroup.h"
#include "cgroup/dirs.h"
#include "cgroup/stats.h"
#include "kernel/bpf.h"
#include "kernel/process.h"
#include "tests/unit/cgroup/fake.h"

enum view { AS_IT_IS, V1_ALONE, V2_ALONE, VIEWS };

#define MAX_CHILDREN 64

struct live {
	struct fake f; /* only its document, plan and error */
	bool restore;  /* a v2 view hands hugetlb down at the root: it is taken back */
	char path[64];
	pid_t child[MAX_CHILDREN];
	size_t n_children;
};

static bool hands_down_hugetlb(const struct cgroup_hierarchy *h)
{
	char enabled[256];

	return file_read_at(h->v2_fd, "cgroup.subtree_control", enabled,
			    sizeof(enabled)) >= 0 &&
	       controllers_have(enabled, "hugetlb");
}

/* false: this machine has no such view. */
static bool live_new(struct live *l, enum view view)
{
	struct cgroup_hierarchy *h = NULL;

	*l = (struct live){ 0 };
	CHECK_INT(hierarchy_probe(&h, &l->f.e), 0);
	if (view == V1_ALONE && h->v2_path) {
		fd_close(&h->v2_fd);
		free(h->v2_path);
		h->v2_path = NULL;
		h->layout = CGROUP_LAYOUT_V1;
	}
	if (view == V2_ALONE) {
		struct cgroup_hierarchy *v2 = hierarchy_new();

		if (h->v2_path)
			CHECK_INT(hierarchy_add_v2(v2, h->v2_path), 0);
		hierarchy_free(h);
		h = v2;
	}
	l->f.h = h;
	l->f.host.cgroup = h;
	l->restore = view == V2_ALONE && !hands_down_hugetlb(h);
	l->f.plan.spec = &l->f.spec;
	l->f.plan.host = &l->f.host;
	l->f.plan.options = &l->f.options;
	l->f.options.id = "live";
	CHECK(str_format(l->path, sizeof(l->path), "/tare-test-%d", (int)getpid()) > 0);
	l->f.spec.linux.cgroups_path = l->path;
	if (view == V1_ALONE)
		return hierarchy_v1(h, CGROUP_FREEZER) &&
		       hierarchy_v1(h, CGROUP_MEMORY) &&
		       hierarchy_v1(h, CGROUP_DEVICES) && hierarchy_v1(h, CGROUP_PIDS);
	return view == V2_ALONE ? h->v2_path != NULL : h->layout != CGROUP_LAYOUT_NONE;
}

static void reap(struct live *l)
{
	for (size_t i = 0; i < l->n_children; i++) {
		(void)kill(l->child[i], SIGKILL);
		(void)waitpid(l->child[i], NULL, 0);
	}
	l->n_children = 0;
}

static void live_free(struct live *l)
{
	struct err e = { 0 };

	CHECK_INT(cgroup_remove(&l->f.held, &e), 0);
	reap(l);
	if (l->restore && hands_down_hugetlb(l->f.h))
		(void)file_put_at(l->f.h->v2_fd, "cgroup.subtree_control", "-hugetlb");
	hierarchy_free(l->f.h);
	arena_free(&l->f.plan.arena);
}

static int make(struct live *l)
{
	int r;

	l->f.e = (struct err){ 0 };
	r = cgroup_plan(&l->f.spec, &l->f.host, &l->f.plan, &l->f.e);
	if (r >= 0)
		r = cgroup_intend(&l->f.plan, &l->f.held, &l->f.e);
	if (r >= 0)
		r = cgroup_host(&l->f.plan, &l->f.held, &l->f.e);
	if (r >= 0)
		r = cgroup_apply(&l->f.plan, &l->f.held, &l->f.e);
	CHECK_STR(fake_error(&l->f), "");
	return r;
}

typedef int payload(void *arg);

static int sleep_on(void *arg)
{
	(void)arg;
	while (pause() < 0)
		;
	return 0;
}

/* As create does it: cloned into v2, into v1 by itself. */
static pid_t spawn(struct live *l, payload *run, void *arg)
{
	int dir_fd = -EBADF, pidfd = -EBADF, tasks[CGROUP_CONTROLLERS], ready[2];
	size_t n = 0;
	pid_t pid;
	char byte;

	CHECK(pipe2(ready, O_CLOEXEC) == 0);
	CHECK(cgroup_open_dir(&l->f.held, &dir_fd, &l->f.e) >= 0 || !l->f.h->v2_path);
	CHECK_INT(cgroup_open_tasks(&l->f.held, tasks, N_ELEMENTS(tasks), &n, &l->f.e),
		  0);
	pid = sys_clone3(0, dir_fd, &pidfd);
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (size_t i = 0; i < n; i++) {
			if (write(tasks[i], "0", 1) != 1)
				_exit(120);
		}
		if (write(ready[1], "x", 1) != 1)
			_exit(121);
		_exit(run(arg));
	}
	CHECK(pid > 0);
	(void)close(ready[1]);
	CHECK(read(ready[0], &byte, 1) == 1);
	(void)close(ready[0]);
	fd_close(&dir_fd);
	fd_close(&pidfd);
	for (size_t i = 0; i < n; i++)
		fd_close(&tasks[i]);
	if (pid > 0 && l->n_children < MAX_CHILDREN)
		l->child[l->n_children++] = pid;
	return pid;
}

static int run_to_end(struct live *l, payload *run, void *arg)
{
	int status = 0;
	pid_t pid = spawn(l, run, arg);

	CHECK(waitpid(pid, &status, 0) == pid);
	l->n_children--;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + status;
}

static char proc_state(pid_t pid)
{
	struct proc_stat st;

	return sys_proc_stat(pid, &st) < 0 ? '-' : st.state;
}

/* Dead, though perhaps not reaped, within 5 s. */
static bool ends(pid_t pid)
{
	for (unsigned i = 0; i < 500; i++) {
		if (strchr("-ZX", proc_state(pid)))
			return true;
		(void)sys_sleep_ms(10);
	}
	return false;
}

static const char *read_at(const struct live *l, enum cgroup_controller c,
			   const char *file)
{
	static char text[256];
	char name[PATH_MAX];
	const struct cgroup_v1 *v1 = hierarchy_v1(l->f.h, c);

	if (!v1 || str_format(name, sizeof(name), "%s/%s", l->path + 1, file) < 0 ||
	    file_read_at(v1->fd, name, text, sizeof(text)) < 0)
		return "(none)";
	return text;
}

/* Is there a directory of ours left anywhere? */
static bool is_left(const struct live *l)
{
	struct cgroup_dirs d;

	cgroup_dirs_of(l->f.h, CGROUP_ALL, l->path, &d);
	for (size_t i = 0; i < d.n; i++) {
		if (faccessat(d.v[i].root_fd, d.path, F_OK, 0) == 0)
			return true;
	}
	return false;
}

#define NEED_ROOT                                                                        \
	do {                                                                             \
		if (geteuid() != 0)                                                      \
			SKIP("changing cgroups needs root");                             \
	} while (0)

/* Run the body for each view this machine has; there is at least the first. */
#define FOR_VIEWS(l, first, last)                                                        \
	for (int view_ = (first); view_ <= (last); view_++)                              \
		for (bool once_ = live_new((l), (enum view)view_) || view_free(l);       \
		     once_; once_ = false, live_free(l))

static bool view_free(struct live *l)
{
	hierarchy_free(l->f.h);
	return false;
}

TEST(a_process_is_in_every_joined_cgroup_from_its_first_instruction_on)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		char name[64], text[4096], line[128];
		size_t n = 0;

		CHECK_INT(make(&l), 0);
		CHECK(str_format(name, sizeof(name), "/proc/%d/cgroup",
				 (int)spawn(&l, sleep_on, NULL)) > 0);
		n = (size_t)file_read_at(AT_FDCWD, name, text, sizeof(text) - 1);
		CHECK(n < sizeof(text) - 1);
		memcpy(text + n, "\n", 2);
		for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
			if (!(l.f.held.cgroup_v1_joined & CGROUP_BIT(i)))
				continue;
			CHECK(str_format(line, sizeof(line), ":%s:%s\n",
					 l.f.h->v1[i].controllers, l.path) > 0);
			CHECK(strstr(text, line));
		}
		CHECK(str_format(line, sizeof(line), "0::%s\n", l.path) > 0);
		CHECK(!l.f.h->v2_path || strstr(text, line));
		CHECK_INT(cgroup_is_empty(&l.f.held, &l.f.e), 0);
	}
}

TEST(limits_are_what_the_kernel_reads_back)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, V1_ALONE, V1_ALONE)
	{
		l.f.spec.linux.resources = (struct spec_resources){
			.memory = { .limit = { true, 40 << 20 },
				    .swap = { true, 80 << 20 },
				    .reservation = { true, 20 << 20 },
				    .swappiness = { true, 10 },
				    .use_hierarchy = { true, true } },
			.cpu = { .shares = { true, 512 },
				 .quota = { true, 20000 },
				 .period = { true, 50000 },
				 .cpus = "0",
				 .mems = "0" },
			.pids = { true, 20 },
		};
		CHECK_INT(make(&l), 0);
		CHECK_STR(read_at(&l, CGROUP_MEMORY, "memory.limit_in_bytes"),
			  "41943040");
		CHECK_STR(read_at(&l, CGROUP_MEMORY, "memory.memsw.limit_in_bytes"),
			  "83886080");
		CHECK_STR(read_at(&l, CGROUP_MEMORY, "memory.soft_limit_in_bytes"),
			  "20971520");
		CHECK_STR(read_at(&l, CGROUP_MEMORY, "memory.swappiness"), "10");
		CHECK_STR(read_at(&l, CGROUP_CPU, "cpu.shares"), "512");
		CHECK_STR(read_at(&l, CGROUP_CPU, "cpu.cfs_quota_us"), "20000");
		CHECK_STR(read_at(&l, CGROUP_CPU, "cpu.cfs_period_us"), "50000");
		CHECK_STR(read_at(&l, CGROUP_CPUSET, "cpuset.cpus"), "0");
		CHECK_STR(read_at(&l, CGROUP_CPUSET, "cpuset.mems"), "0");
		CHECK_STR(read_at(&l, CGROUP_PIDS, "pids.max"), "20");
		(void)spawn(&l, sleep_on, NULL);
	}
}

/* The limit may not exceed the sum that is in force, nor the sum fall below the limit. */
TEST(memory_limits_can_be_raised_and_lowered)
{
	static const int64_t steps[][2] = {
		{ 10, 20 }, { 40, 80 }, { 100, 100 }, { 5, 6 }, { 7, 9 }
	};
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, V1_ALONE, V1_ALONE)
	{
		CHECK_INT(make(&l), 0);
		for (size_t i = 0; i < N_ELEMENTS(steps); i++) {
			char want[32];

			l.f.spec.linux.resources.memory.limit =
				(struct opt_i64){ true, steps[i][0] << 20 };
			l.f.spec.linux.resources.memory.swap =
				(struct opt_i64){ true, steps[i][1] << 20 };
			CHECK_INT(cgroup_plan(&l.f.spec, &l.f.host, &l.f.plan, &l.f.e),
				  0);
			CHECK_INT(cgroup_apply(&l.f.plan, &l.f.held, &l.f.e), 0);
			CHECK_STR(fake_error(&l.f), "");
			CHECK(str_format(want, sizeof(want), "%lld",
					 (long long)steps[i][0] << 20) > 0);
			CHECK_STR(read_at(&l, CGROUP_MEMORY, "memory.limit_in_bytes"),
				  want);
			CHECK(str_format(want, sizeof(want), "%lld",
					 (long long)steps[i][1] << 20) > 0);
			CHECK_STR(
				read_at(&l, CGROUP_MEMORY, "memory.memsw.limit_in_bytes"),
				want);
		}
	}
}

static int open_devices(void *arg)
{
	static const struct {
		const char *path;
		bool allowed;
	} devices[] = { { "/dev/null", true },    { "/dev/zero", true },
			{ "/dev/urandom", true }, { "/dev/kmsg", false },
			{ "/dev/mem", false },    { "/dev/loop-control", false } };

	for (size_t i = 0; i < N_ELEMENTS(devices); i++) {
		int fd = open(devices[i].path, O_RDWR | O_CLOEXEC);

		if (fd < 0 && errno == ENOENT && !devices[i].allowed)
			continue;
		if ((fd >= 0) != (devices[i].allowed || arg) &&
		    (fd >= 0 || errno == EPERM))
			return 1 + (int)i;
	}
	return 0;
}

TEST(devices_are_refused_by_v1_and_by_the_v2_program)
{
	static struct spec_device_rule all = { .allow = true };
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, V1_ALONE, V2_ALONE)
	{
		CHECK_INT(make(&l), 0);
		CHECK_INT(run_to_end(&l, open_devices, NULL), 0);
		/* An update: everything is allowed. */
		l.f.spec.linux.resources.devices =
			(struct spec_device_rule_list){ 1, &all };
		CHECK_INT(cgroup_plan(&l.f.spec, &l.f.host, &l.f.plan, &l.f.e), 0);
		CHECK_INT(cgroup_apply(&l.f.plan, &l.f.held, &l.f.e), 0);
		CHECK_INT(run_to_end(&l, open_devices, &l), 0);
	}
}

TEST(device_programs_are_replaced_not_stacked)
{
	static struct spec_device_rule more = { .allow = true, .type = "b" };
	static struct spec_device_rule all = { .allow = true };
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, V2_ALONE, V2_ALONE)
	{
		uint32_t first[4] = { 0 }, second[4] = { 0 };
		int fd;

		CHECK_INT(make(&l), 0);
		fd = openat(l.f.h->v2_fd, l.path + 1, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		CHECK_INT(sys_bpf_query_device(fd, first, 4), 1);
		l.f.spec.linux.resources.devices =
			(struct spec_device_rule_list){ 1, &more };
		CHECK_INT(cgroup_plan(&l.f.spec, &l.f.host, &l.f.plan, &l.f.e), 0);
		CHECK_INT(cgroup_apply(&l.f.plan, &l.f.held, &l.f.e), 0);
		CHECK_INT(sys_bpf_query_device(fd, second, 4), 1);
		CHECK(first[0] != second[0]);
		l.f.spec.linux.resources.devices =
			(struct spec_device_rule_list){ 1, &all };
		CHECK_INT(cgroup_plan(&l.f.spec, &l.f.host, &l.f.plan, &l.f.e), 0);
		CHECK_INT(cgroup_apply(&l.f.plan, &l.f.held, &l.f.e), 0);
		CHECK_INT(sys_bpf_query_device(fd, second, 4), 0);
		fd_close(&fd);
	}
}

static int count_up(void *arg)
{
	volatile uint64_t *n = arg;

	while (++*n)
		;
	return 0;
}

static bool counts(volatile uint64_t *n)
{
	uint64_t before = *n;

	for (unsigned i = 0; i < 200 && *n == before; i++)
		(void)sys_sleep_ms(10);
	return *n != before;
}

static bool stands_still(volatile uint64_t *n)
{
	uint64_t before = *n;

	(void)sys_sleep_ms(100);
	return *n == before;
}

TEST(frozen_processes_stand_still_and_go_on_when_thawed)
{
	struct live l;
	uint64_t *n = mmap(NULL, sizeof(*n), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		CHECK_INT(make(&l), 0);
		(void)spawn(&l, count_up, n);
		CHECK(!cgroup_is_frozen(&l.f.held));
		CHECK(counts(n));
		CHECK_INT(cgroup_freeze(&l.f.held, &l.f.e), 0);
		CHECK(cgroup_is_frozen(&l.f.held));
		CHECK(stands_still(n));
		CHECK_INT(cgroup_thaw(&l.f.held, &l.f.e), 0);
		CHECK(!cgroup_is_frozen(&l.f.held));
		CHECK(counts(n));
	}
	(void)munmap(n, sizeof(*n));
}

/* `state` has no hierarchies in hand: it looks at the usual places first. */
TEST(another_process_sees_what_is_frozen)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, AS_IT_IS)
	{
		struct held held;

		CHECK_INT(make(&l), 0);
		(void)spawn(&l, sleep_on, NULL);
		held = l.f.held;
		held.cgroup = NULL;
		CHECK(!cgroup_is_frozen(&held));
		CHECK_INT(cgroup_freeze(&held, &l.f.e), 0);
		CHECK(cgroup_is_frozen(&held));
		CHECK_INT(cgroup_thaw(&held, &l.f.e), 0);
		CHECK(!cgroup_is_frozen(&held));
		held.cgroup_path = "/tare-test-nothing";
		CHECK(!cgroup_is_frozen(&held));
	}
}

TEST(what_froze_in_the_v1_freezer_counts_on_a_hybrid_host_too)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, AS_IT_IS)
	{
		struct cgroup_dirs d;
		struct held held;

		CHECK_INT(make(&l), 0);
		if (l.f.h->layout != CGROUP_LAYOUT_HYBRID ||
		    !hierarchy_v1(l.f.h, CGROUP_FREEZER))
			continue;
		(void)spawn(&l, sleep_on, NULL);
		cgroup_dirs_of(l.f.h, CGROUP_BIT(CGROUP_FREEZER), l.path, &d);
		CHECK_INT(cgroup_put(cgroup_dirs_v1(&d, CGROUP_FREEZER), d.path,
				     "freezer.state", "FROZEN"),
			  0);
		held = l.f.held;
		held.cgroup = NULL;
		CHECK(cgroup_is_frozen(&l.f.held) && cgroup_is_frozen(&held));
		CHECK_INT(cgroup_thaw(&l.f.held, &l.f.e), 0);
		CHECK(!cgroup_is_frozen(&l.f.held) && !cgroup_is_frozen(&held));
		/* And it does not keep what is to die. */
		CHECK_INT(cgroup_put(cgroup_dirs_v1(&d, CGROUP_FREEZER), d.path,
				     "freezer.state", "FROZEN"),
			  0);
	}
}

TEST(signals_reach_every_process_of_a_cgroup)
{
	static const int signals[] = { SIGTERM, SIGKILL };
	struct live l;

	NEED_ROOT;
	for (size_t i = 0; i < N_ELEMENTS(signals); i++) {
		FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
		{
			pid_t pid[3];

			CHECK_INT(make(&l), 0);
			CHECK_INT(cgroup_kill_all(&l.f.held, signals[i], &l.f.e),
				  0); /* nobody */
			for (size_t k = 0; k < N_ELEMENTS(pid); k++)
				pid[k] = spawn(&l, sleep_on, NULL);
			CHECK_INT(cgroup_kill_all(&l.f.held, signals[i], &l.f.e), 0);
			for (size_t k = 0; k < N_ELEMENTS(pid); k++)
				CHECK(ends(pid[k]));
			CHECK(!cgroup_is_frozen(&l.f.held));
		}
	}
}

static void end(int sig)
{
	_exit(sig);
}

/* v2 lets a frozen process die of a signal it does not handle. */
static int handle_term(void *arg)
{
	(void)signal(SIGTERM, end);
	return sleep_on(arg);
}

TEST(the_frozen_can_be_killed_and_other_signals_leave_them_frozen)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		pid_t pid;

		CHECK_INT(make(&l), 0);
		pid = spawn(&l, handle_term, NULL);
		(void)sys_sleep_ms(50);
		CHECK_INT(cgroup_freeze(&l.f.held, &l.f.e), 0);
		CHECK_INT(cgroup_kill_all(&l.f.held, SIGTERM, &l.f.e), 0);
		CHECK(cgroup_is_frozen(&l.f.held));
		CHECK(!strchr("-ZX", proc_state(pid)));
		CHECK_INT(cgroup_kill_all(&l.f.held, SIGKILL, &l.f.e), 0);
		CHECK(ends(pid));
	}
}

/* It would escape who only looks at v2. */
TEST(a_process_that_has_left_one_hierarchy_is_found_in_the_others)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, AS_IT_IS)
	{
		char text[16];
		size_t n = 0;
		pid_t *pids = NULL;

		CHECK_INT(make(&l), 0);
		if (l.f.h->layout != CGROUP_LAYOUT_HYBRID)
			continue;
		CHECK(str_format(text, sizeof(text), "%d",
				 (int)spawn(&l, sleep_on, NULL)) > 0);
		CHECK_INT(file_put_at(l.f.h->v2_fd, "cgroup.procs", text), 0);
		CHECK_INT(cgroup_pids(&l.f.held, &pids, &n, &l.f.e), 0);
		CHECK_INT(n, 1);
		free(pids);
		CHECK_INT(cgroup_kill_all(&l.f.held, SIGKILL, &l.f.e), 0);
		CHECK(ends(l.child[0]));
	}
}

/* Each child makes the next and ends: a list of pids is old when it has been read. */
static int flee(void *arg)
{
	(void)arg;
	for (;;) {
		if (fork() != 0)
			_exit(0);
	}
}

TEST(removal_catches_those_that_fork_away)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		CHECK_INT(make(&l), 0);
		for (int i = 0; i < 4; i++)
			(void)spawn(&l, flee, NULL);
		CHECK_INT(cgroup_remove(&l.f.held, &l.f.e), 0);
		CHECK_STR(fake_error(&l.f), "");
		CHECK(!is_left(&l));
	}
}

/* What a container makes of a cgroup of its own: cgroups with processes, deep and wide.
 */
static void make_below(struct live *l, const char *sub, bool with_process)
{
	struct cgroup_dirs d;
	char name[PATH_MAX], text[16];

	cgroup_dirs_of(l->f.h, l->f.held.cgroup_v1_joined, l->path, &d);
	for (size_t i = 0; i < d.n; i++) {
		CHECK(str_format(name, sizeof(name), "%s/%s", d.path, sub) > 0);
		CHECK(mkdirat(d.v[i].root_fd, name, 0755) == 0);
	}
	if (!with_process)
		return;
	CHECK(str_format(text, sizeof(text), "%d", (int)spawn(l, sleep_on, NULL)) > 0);
	for (size_t i = 0; i < d.n; i++) {
		CHECK(str_format(name, sizeof(name), "%s/%s", d.path, sub) > 0);
		CHECK_INT(cgroup_put(&d.v[i], name, "cgroup.procs", text), 0);
	}
}

TEST(cgroups_below_are_counted_frozen_and_removed_with_it)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		struct held held;
		pid_t *pids = NULL;
		size_t n = 0;

		CHECK_INT(make(&l), 0);
		make_below(&l, "a", true);
		make_below(&l, "a/b", false);
		make_below(&l, "a/b/c", true);
		make_below(&l, "d", false);
		CHECK_INT(cgroup_pids(&l.f.held, &pids, &n, &l.f.e), 0);
		CHECK_INT(n, 2);
		free(pids);
		CHECK_INT(cgroup_freeze(&l.f.held, &l.f.e), 0);
		held = l.f.held; /* as `delete` in another process has it */
		held.cgroup = NULL;
		CHECK_INT(cgroup_remove(view_ == AS_IT_IS ? &held : &l.f.held, &l.f.e),
			  0);
		CHECK_STR(fake_error(&l.f), "");
		CHECK(!is_left(&l));
		CHECK_INT(cgroup_remove(&l.f.held, &l.f.e), 0);
	}
}

TEST(a_process_can_follow_one_that_has_moved_below)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		int fd = -EBADF;
		struct stat want, got;

		CHECK_INT(make(&l), 0);
		if (!l.f.h->v2_path)
			continue;
		make_below(&l, "a", true);
		CHECK_INT(cgroup_open_dir_of(&l.f.held, l.child[0], &fd, &l.f.e), 0);
		CHECK_INT(fstat(fd, &got), 0);
		fd_close(&fd);
		CHECK_INT(cgroup_open_dir(&l.f.held, &fd, &l.f.e), 0);
		CHECK_INT(fstatat(fd, "a", &want, 0), 0);
		CHECK(want.st_ino == got.st_ino);
		fd_close(&fd);
		/* Someone who never was in it. */
		CHECK_INT(cgroup_open_dir_of(&l.f.held, getpid(), &fd, &l.f.e), -EXDEV);
	}
}

TEST(a_running_process_can_be_moved_in)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		pid_t pid;

		CHECK_INT(make(&l), 0);
		pid = fork();
		if (pid == 0)
			_exit(sleep_on(NULL));
		l.child[l.n_children++] = pid;
		CHECK_INT(cgroup_is_empty(&l.f.held, &l.f.e), 1);
		CHECK_INT(cgroup_attach(&l.f.held, pid, &l.f.e), 0);
		CHECK_INT(cgroup_is_empty(&l.f.held, &l.f.e), 0);
	}
}

TEST(a_cgroup_in_use_is_refused_and_left_alone)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		struct held other = { 0 };
		pid_t pid;

		CHECK_INT(make(&l), 0);
		pid = spawn(&l, sleep_on, NULL);
		CHECK_INT(cgroup_host(&l.f.plan, &other, &l.f.e), -EBUSY);
		CHECK(other.cgroup_path == NULL);
		CHECK_INT(cgroup_remove(&other, NULL), 0);
		CHECK(proc_state(pid) != '-' && proc_state(pid) != 'Z');
	}
}

/* Freeze /tare-test-PID; the container's cgroup is /tare-test-PID/c. */
static struct cgroup_dirs freeze_parent(struct live *l)
{
	struct cgroup_dirs d;
	const struct cgroup_dir *v2, *v1;

	cgroup_dirs_of(l->f.h, CGROUP_BIT(CGROUP_FREEZER), l->path, &d);
	v2 = cgroup_dirs_v2(&d);
	v1 = cgroup_dirs_v1(&d, CGROUP_FREEZER);
	if (v2)
		CHECK_INT(cgroup_put(v2, d.path, "cgroup.freeze", "1"), 0);
	else
		CHECK_INT(cgroup_put(v1, d.path, "freezer.state", "FROZEN"), 0);
	return d;
}

TEST(a_cgroup_below_a_frozen_one_is_refused)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, AS_IT_IS, V2_ALONE)
	{
		char path[80];
		struct held other = { 0 };

		CHECK_INT(make(&l), 0);
		(void)freeze_parent(&l);
		CHECK(str_format(path, sizeof(path), "%s/c", l.path) > 0);
		l.f.spec.linux.cgroups_path = path;
		CHECK_INT(cgroup_plan(&l.f.spec, &l.f.host, &l.f.plan, &l.f.e), 0);
		CHECK_INT(cgroup_host(&l.f.plan, &other, &l.f.e), -EBUSY);
		CHECK(strstr(fake_error(&l.f), "is frozen, or one above it is"));
		CHECK(other.cgroup_path == NULL);
		l.f.e = (struct err){ 0 };
	}
}

/* Whoever cannot die is named: here because the parent's freezer holds it. */
TEST(removal_gives_up_after_ten_seconds_and_names_who_is_left)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, V1_ALONE, V1_ALONE)
	{
		char path[80], want[160];
		struct live in;
		pid_t pid;
		struct cgroup_dirs d;

		CHECK_INT(make(&l), 0);
		CHECK(live_new(&in, V1_ALONE));
		CHECK(str_format(path, sizeof(path), "%s/c", l.path) > 0);
		in.f.spec.linux.cgroups_path = path;
		CHECK_INT(make(&in), 0);
		pid = spawn(&in, sleep_on, NULL);
		d = freeze_parent(&l);
		CHECK_INT(cgroup_remove(&in.f.held, &in.f.e), -EBUSY);
		CHECK(str_format(want, sizeof(want),
				 "cgroup '%s' still has processes 10 s after SIGKILL: %d",
				 path, (int)pid) > 0);
		CHECK_STR(fake_error(&in.f), want);
		CHECK_INT(cgroup_put(cgroup_dirs_v1(&d, CGROUP_FREEZER), d.path,
				     "freezer.state", "THAWED"),
			  0);
		live_free(&in);
	}
}

/* Two containers whose common parent comes and goes with either. */
static int come_and_go(const char *parent, const char *name)
{
	struct live l;
	char path[80];
	int r = 0;

	if (!live_new(&l, AS_IT_IS) ||
	    str_format(path, sizeof(path), "%s/%s", parent, name) < 0)
		return 1;
	l.f.spec.linux.cgroups_path = path;
	for (unsigned i = 0; i < 150 && r >= 0; i++) {
		l.f.held = (struct held){ 0 };
		r = make(&l);
		if (r >= 0)
			r = cgroup_remove(&l.f.held, &l.f.e);
		if (r < 0)
			printf("# %s\n", fake_error(&l.f));
		arena_free(&l.f.plan.arena);
	}
	hierarchy_free(l.f.h);
	return r < 0 ? 2 : 0;
}

TEST(containers_may_share_a_parent_that_comes_and_goes)
{
	struct live l;
	int status = -1;
	pid_t pid;

	NEED_ROOT;
	if (!live_new(&l, AS_IT_IS)) {
		view_free(&l);
		SKIP("no cgroup file system is mounted");
	}
	pid = fork();
	if (pid == 0)
		_exit(come_and_go(l.path, "one"));
	CHECK_INT(come_and_go(l.path, "two"), 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK_INT(status, 0);
	/* Each may have found the other's parent, and left it. */
	l.f.held.cgroup = l.f.h;
	l.f.held.cgroup_path = l.path;
	l.f.held.cgroup_v1_joined = CGROUP_ALL;
	CHECK_INT(cgroup_remove(&l.f.held, &l.f.e), 0);
	CHECK(!is_left(&l));
	live_free(&l);
}

/* A v2 cgroup cannot have processes and hand controllers down. */
TEST(where_delegation_stops_is_named)
{
	struct live l;

	NEED_ROOT;
	FOR_VIEWS(&l, V2_ALONE, V2_ALONE)
	{
		struct str_pair unified = { "hugetlb.2MB.max", "0" };
		struct held other = { 0 };
		char path[80], want[400];

		if (!hierarchy_has_v2(l.f.h, "hugetlb"))
			continue;
		CHECK_INT(make(&l), 0);
		(void)spawn(&l, sleep_on, NULL);
		CHECK(str_format(path, sizeof(path), "%s/c", l.path) > 0);
		l.f.spec.linux.cgroups_path = path;
		l.f.spec.linux.resources.unified = (struct str_map){ 1, &unified };
		CHECK_INT(cgroup_plan(&l.f.spec, &l.f.host, &l.f.plan, &l.f.e), 0);
		CHECK_INT(cgroup_host(&l.f.plan, &other, &l.f.e), -EBUSY);
		CHECK(str_format(
			      want, sizeof(want),
			      "/linux/resources/unified/hugetlb.2MB.max: the 'hugetlb' controller "
			      "cannot be enabled (write '%s%s/cgroup.subtree_control': EBUSY)",
			      l.f.h->v2_path, l.path) > 0);
		CHECK_STR(fake_error(&l.f), want);
		CHECK(strstr(l.f.e.hint, "processes of its own"));
	}
}
