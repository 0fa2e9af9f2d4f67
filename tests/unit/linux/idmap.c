/* SPDX-License-Identifier: Apache-2.0 */
/* Id maps: what is refused, the text for the kernel, and a real user namespace. */
#include "linux/idmap.h"

#include <sched.h>

#include "base/str.h"
#include "kernel/compat.h"
#include "linux/namespaces.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static struct spec_namespace new_user[] = { { "user", NULL } };
static struct spec_namespace joined_user[] = { { "user", "/proc/1/ns/user" } };

#define LIST(v)                                                                          \
	{                                                                                \
		N_ELEMENTS(v), v                                                         \
	}

static struct spec make(struct spec_id_mapping *uids, size_t n_uids,
			struct spec_id_mapping *gids, size_t n_gids)
{
	return (struct spec){ .linux = { .is_set = true,
					 .namespaces = LIST(new_user),
					 .uid_mappings = { n_uids, uids },
					 .gid_mappings = { n_gids, gids } } };
}

static const char *refusal(const struct spec *s, char text[1024])
{
	struct err e = { 0 };

	return idmap_check(s, &e) < 0 ? text_of(&e, text) : NULL;
}

static const char *refusal_of_uids(struct spec_id_mapping *v, size_t n, char text[1024])
{
	static struct spec_id_mapping good[] = { { 0, 1000, 10 } };
	struct spec s = make(v, n, good, 1);

	return refusal(&s, text);
}

TEST(ranges_that_share_an_id_are_refused_on_both_sides)
{
	struct spec_id_mapping inside[] = { { 0, 1000, 10 },
					    { 20, 3000, 5 },
					    { 9, 2000, 2 } };
	struct spec_id_mapping outside[] = { { 0, 1000, 10 }, { 10, 1009, 1 } };
	char text[1024];

	CHECK_STR(
		refusal_of_uids(inside, 3, text),
		"/linux/uidMappings/2: containerID 9 is mapped by /linux/uidMappings/0 too");
	CHECK_STR(
		refusal_of_uids(outside, 2, text),
		"/linux/uidMappings/1: hostID 1009 is mapped by /linux/uidMappings/0 too");
}

TEST(ranges_that_touch_are_fine)
{
	struct spec_id_mapping v[] = { { 10, 2000, 5 }, { 0, 1990, 10 } };
	char text[1024];

	CHECK_STR(refusal_of_uids(v, 2, text), NULL);
}

TEST(a_range_must_not_reach_the_id_that_means_none)
{
	struct spec_id_mapping last[] = { { 0, 4294967294u, 1 } };
	struct spec_id_mapping none[] = { { 0, 4294967295u, 1 } };
	struct spec_id_mapping wraps[] = { { 0, 0, 1 }, { 4294967290u, 10, 100 } };
	char text[1024];

	CHECK_STR(refusal_of_uids(last, 1, text), NULL);
	CHECK_STR(
		refusal_of_uids(none, 1, text),
		"/linux/uidMappings/0/hostID: 4294967295 and the 1 ids from there on end "
		"above the highest id");
	CHECK_STR(
		refusal_of_uids(wraps, 2, text),
		"/linux/uidMappings/1/containerID: 4294967290 and the 100 ids from there on "
		"end above the highest id");
}

TEST(an_empty_range_and_an_empty_list_are_refused)
{
	struct spec_id_mapping v[] = { { 0, 1000, 10 }, { 50, 60, 0 } };
	char text[1024];

	CHECK_STR(refusal_of_uids(v, 2, text),
		  "/linux/uidMappings/1/size: an empty range maps nothing");
	CHECK_STR(refusal_of_uids(v, 0, text),
		  "/linux/uidMappings: a new user namespace needs at least one mapping");
}

TEST(id_0_must_be_mapped)
{
	struct spec_id_mapping v[] = { { 1, 1000, 10 } };
	char text[1024];

	CHECK_STR(refusal_of_uids(v, 1, text),
		  "/linux/uidMappings: no entry maps containerID 0, which builds the "
		  "container");
}

TEST(mappings_without_a_new_user_namespace_are_refused)
{
	struct spec_id_mapping v[] = { { 0, 1000, 10 } };
	struct spec s = make(v, 1, v, 1);
	char text[1024];

	s.linux.namespaces.n = 0;
	CHECK_STR(refusal(&s, text),
		  "/linux/uidMappings: mappings without a user namespace "
		  "in /linux/namespaces");
	s.linux.uid_mappings.n = 0;
	CHECK_STR(refusal(&s, text),
		  "/linux/gidMappings: mappings without a user namespace "
		  "in /linux/namespaces");
	s.linux.namespaces = (struct spec_namespace_list)LIST(joined_user);
	CHECK_STR(refusal(&s, text),
		  "/linux/gidMappings: the user namespace is joined by "
		  "path and has its mappings already");
	s.linux.gid_mappings.n = 0;
	CHECK_STR(refusal(&s, text), NULL);
}

TEST(the_ids_of_the_process_must_be_mapped)
{
	struct spec_id_mapping uids[] = { { 0, 1000, 10 } }, gids[] = { { 0, 1000, 20 } };
	struct spec s = make(uids, 1, gids, 1);
	uint32_t groups[] = { 5, 20 };
	char text[1024];

	s.process.user = (struct spec_user){ .uid = 10, .gid = 20 };
	CHECK_STR(refusal(&s, text), NULL); /* there is no process */
	s.process.is_set = true;
	CHECK_STR(refusal(&s, text),
		  "/process/user/uid: 10 is not mapped by /linux/uidMappings");
	s.process.user.uid = 9;
	CHECK_STR(refusal(&s, text),
		  "/process/user/gid: 20 is not mapped by /linux/gidMappings");
	s.process.user.gid = 19;
	s.process.user.additional_gids = (struct u32_list){ 2, groups };
	CHECK_STR(
		refusal(&s, text),
		"/process/user/additionalGids/1: 20 is not mapped by /linux/gidMappings");
	groups[1] = 0;
	CHECK_STR(refusal(&s, text), NULL);
}

TEST(ids_are_translated_to_the_host)
{
	struct spec_id_mapping v[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
	const struct spec_id_mapping_list l = LIST(v);

	CHECK_INT(idmap_to_host(&l, 0), 1000);
	CHECK_INT(idmap_to_host(&l, 1), 100000);
	CHECK_INT(idmap_to_host(&l, 65536), 165535);
	CHECK(idmap_to_host(&l, 65537) == UINT32_MAX);
}

TEST(the_map_is_the_documents_own_lines)
{
	struct spec_id_mapping uids[] = { { 5, 2005, 5 }, { 0, 2000, 5 } };
	struct spec_id_mapping gids[] = { { 0, 7, 4294967288u } };
	struct spec s = make(uids, 2, gids, 1);
	struct plan p = { 0 };

	CHECK_INT(idmap_plan(&s, NULL, &p, NULL), 0);
	CHECK(p.idmap.is_new);
	CHECK_STR(p.idmap.uid_map, "5 2005 5\n0 2000 5\n");
	CHECK_STR(p.idmap.gid_map, "0 7 4294967288\n");
	CHECK_INT(p.idmap.root_uid, 2000);
	CHECK_INT(p.idmap.root_gid, 7);
	arena_free(&p.arena);
}

TEST(without_a_new_user_namespace_there_is_no_map)
{
	struct spec s = { .linux = { .is_set = true } };
	struct plan p = { 0 };

	CHECK_INT(idmap_plan(&s, NULL, &p, NULL), 0);
	CHECK(!p.idmap.is_new && !p.idmap.uid_map && p.idmap.root_uid == 0);
	s.linux.namespaces = (struct spec_namespace_list)LIST(joined_user);
	CHECK_INT(idmap_plan(&s, NULL, &p, NULL), 0);
	CHECK(!p.idmap.is_new && p.idmap.root_uid == UINT32_MAX);
	arena_free(&p.arena);
}

/* n one-id lines; each continues the one before it, or none does. */
static void fill(struct spec_id_mapping *v, size_t n, bool continues)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (struct spec_id_mapping){
			.container_id = (uint32_t)(n - 1 - i),
			.host_id = (uint32_t)(1000 + (n - 1 - i) * (continues ? 1 : 2)),
			.size = 1,
		};
}

TEST(more_lines_than_the_kernel_takes_are_joined_where_they_continue)
{
	struct spec_id_mapping uids[1000], gids[] = { { 0, 5, 1 } };
	struct spec s = make(uids, 1000, gids, 1);
	struct plan p = { 0 };
	struct err e = { 0 };

	fill(uids, 1000, true);
	CHECK_INT(idmap_check(&s, NULL), 0);
	CHECK_INT(idmap_plan(&s, NULL, &p, NULL), 0);
	CHECK_STR(p.idmap.uid_map, "0 1000 1000\n");

	fill(uids, 1000, false);
	CHECK_INT(idmap_plan(&s, NULL, &p, &e), -EINVAL);
	CHECK_STR(e.field, "/linux/uidMappings");
	CHECK(strstr(e.msg, "1000 separate ranges in ") == e.msg);
	arena_free(&p.arena);
}

struct world {
	struct plan plan;
	struct host host;
	int go[2];
	const char *uid_map; /* as the kernel shows it, blanks squeezed */
	bool denies;
};

static int become(void *arg)
{
	struct world *w = arg;
	struct inside in = { .proc_fd = -EBADF };
	uid_t ids[3];
	char text[256];
	ssize_t n;

	if (sys_read(w->go[0], text, 1) != 1)
		return 10;
	if (idmap_init_become_root(&w->plan, &in, NULL) < 0)
		return 11;
	if (sys_getresuid(ids) < 0 || ids[0] || ids[1] || ids[2])
		return 12;
	if (sys_getresgid(ids) < 0 || ids[0] || ids[1] || ids[2])
		return 13;
	n = file_read_at(AT_FDCWD, "/proc/self/setgroups", text, sizeof(text));
	if (n < 0 || str_eq(text, "deny") != w->denies)
		return 14;
	n = file_read_at(AT_FDCWD, "/proc/self/uid_map", text, sizeof(text));
	if (n < 0)
		return 15;
	for (char *from = text, *to = text; (*to = *from); from++)
		to += *from != ' ' || (to > text && to[-1] != ' ' && to[-1] != '\n');
	return str_eq(text, w->uid_map) ? 0 : 16;
}

static void run_world(struct world *w)
{
	int pidfd = -EBADF;
	siginfo_t info = { 0 };
	struct err e = { 0 };
	char text[1024] = "";
	pid_t pid;

	w->plan.host = &w->host;
	CHECK_INT(sys_pipe(w->go), 0);
	pid = sys_clone3(CLONE_NEWUSER, -EBADF, &pidfd);
	if (pid == 0)
		_exit(become(w));
	CHECK(pid > 0);
	if (idmap_host_write(&w->plan, pid, &e) < 0)
		text_of(&e, text);
	CHECK_STR(text, "");
	CHECK_INT(sys_write(w->go[1], "g", 1), 1);
	CHECK_INT(sys_waitid_fd(pidfd, &info, WEXITED), 0);
	CHECK_INT(info.si_status, 0);
	fd_close(&w->go[0]);
	fd_close(&w->go[1]);
	fd_close(&pidfd);
}

TEST(the_host_writes_the_maps_and_init_becomes_root)
{
	struct spec_id_mapping v[] = { { 0, 100000, 1000 }, { 1000, 5000, 1 } };
	struct spec s = make(v, 2, v, 2);
	struct world w = { .uid_map = "0 100000 1000\n1000 5000 1" };

	if (!is_root())
		SKIP("root");
	CHECK_INT(sys_capget(&w.host.caps), 0);
	CHECK_INT(namespaces_plan(&s, NULL, &w.plan, NULL), 0);
	CHECK_INT(idmap_plan(&s, NULL, &w.plan, NULL), 0);
	run_world(&w);
	arena_free(&w.plan.arena);
}

TEST(who_may_not_change_groups_denies_it_to_the_container)
{
	struct spec_id_mapping v[] = { { 0, 0, 1 } };
	struct spec s = make(v, 1, v, 1);
	struct world w = { .uid_map = "0 0 1", .denies = true };

	if (!is_root())
		SKIP("root");
	CHECK_INT(sys_capget(&w.host.caps), 0);
	w.host.caps.effective &= ~(UINT64_C(1) << CAP_SETGID);
	CHECK_INT(namespaces_plan(&s, NULL, &w.plan, NULL), 0);
	CHECK_INT(idmap_plan(&s, NULL, &w.plan, NULL), 0);
	run_world(&w);
	arena_free(&w.plan.arena);
}

TEST(a_refused_map_names_its_file_and_its_field)
{
	struct plan p = { .idmap = { true, "nonsense\n", "0 0 1\n", 0, 0 } };
	struct host h = { 0 };
	struct holder holder;
	struct err e = { 0 };
	char text[1024], want[256];

	if (!is_root())
		SKIP("root");
	p.host = &h;
	CHECK(holder_start(&holder, 0, CLONE_NEWUSER));
	(void)snprintf(want, sizeof(want),
		       "/linux/uidMappings: write '/proc/%d/uid_map': EINVAL",
		       (int)holder.pid);
	CHECK_INT(idmap_host_write(&p, holder.pid, &e), -EINVAL);
	CHECK_STR(text_of(&e, text), want);
	holder_stop(&holder);
}

/* 0:0 of the caller's own namespace is nobody's business to change. */
TEST(without_a_user_namespace_the_ids_are_left_alone)
{
	struct plan p = { .ns = { .new_flags = CLONE_NEWNS } };
	struct inside in = { .proc_fd = -EBADF };

	CHECK_INT(idmap_init_become_root(&p, &in, NULL), 0);
	CHECK_INT(idmap_host_write(&p, 1, NULL), 0);
}
