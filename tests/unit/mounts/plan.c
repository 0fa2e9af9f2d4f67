/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c - what is going to be mounted, from the config alone. */
#include "mounts/apply.h"

#include "mounts/options.h"
#include "tests/unit/sandbox.h"

static void say_attr(struct str *out, const char *name, uint64_t attr)
{
	if (attr)
		str_addf(out, " %s=%llx", name, (unsigned long long)attr);
}

static void say_mount(struct str *out, const struct plan_mount *m)
{
	static const char *const kinds[] = { "fs", "bind", "cgroup", "change" };

	str_addf(out, "%s %s", kinds[m->kind], m->destination);
	if (m->fs_type)
		str_addf(out, " %s", m->fs_type);
	if (m->source != NO_SOURCE)
		str_addf(out, " source %zu+%zu", m->source, m->n_sources);
	say_attr(out, "set", m->attr_set);
	say_attr(out, "clr", m->attr_clr);
	say_attr(out, "rset", m->rec_set);
	say_attr(out, "rclr", m->rec_clr);
	say_attr(out, m->propagation_recursive ? "rprop" : "prop", m->propagation);
	if (m->late_readonly)
		str_add(out, " late");
	if (m->readonly_fs)
		str_add(out, " rofs");
	if (m->has_mode)
		str_add(out, " mode");
	for (size_t i = 0; i < m->n_options; i++)
		str_addf(out, " %s%s%s", m->option[i].key, m->option[i].value ? "=" : "",
			 m->option[i].value ? m->option[i].value : "");
	str_add(out, "\n");
}

/* The plan as text, or the error. */
static void say_plan(struct sandbox *s, struct str *out)
{
	char text[1024];

	if (sandbox_plan(s, &s->err) < 0) {
		str_addf(out, "%s", text_of(&s->err, text));
		return;
	}
	for (size_t i = 0; i < s->plan.mounts.n; i++)
		say_mount(out, &s->plan.mounts.v[i]);
	for (size_t i = 0; i < s->plan.sources.n; i++) {
		const struct plan_source *source = &s->plan.sources.v[i];

		str_addf(out, "source %s%s%s %s\n", source->path,
			 source->recursive ? " r" : "", source->is_device ? " dev" : "",
			 source->field ? source->field : "-");
	}
}

TEST(the_default_config_gives_this_plan)
{
	SANDBOX(s);
	autostr struct str out = { 0 };

	sandbox_init(&s);
	s.options.bundle = "/b";
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/dev", "tmpfs", "tmpfs",
		      OPTIONS("nosuid", "strictatime", "mode=755", "size=65536k"));
	sandbox_mount(&s, "/dev/pts", "devpts", "devpts",
		      OPTIONS("nosuid", "noexec", "newinstance", "ptmxmode=0666",
			      "mode=0620", "gid=5"));
	sandbox_mount(&s, "/dev/shm", "tmpfs", "shm",
		      OPTIONS("nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
	sandbox_mount(&s, "/dev/mqueue", "mqueue", "mqueue",
		      OPTIONS("nosuid", "noexec", "nodev"));
	sandbox_mount(&s, "/sys", "sysfs", "sysfs",
		      OPTIONS("nosuid", "noexec", "nodev", "ro"));
	sandbox_mount(&s, "/etc/resolv.conf", "bind", "/etc/resolv.conf",
		      OPTIONS("rbind", "rprivate", "ro"));
	say_plan(&s, &out);
	CHECK_STR(
		str_text(&out),
		"fs /proc proc\n"
		"fs /dev tmpfs set=22 clr=70 mode mode=755 size=65536k\n"
		"fs /dev/pts devpts set=a mode newinstance ptmxmode=0666 mode=0620 gid=5\n"
		"fs /dev/shm tmpfs set=e mode mode=1777 size=65536k\n"
		"fs /dev/mqueue mqueue set=e\n"
		"fs /sys sysfs set=f\n"
		"bind /etc/resolv.conf source 1+1 set=1 rprop=40000\n"
		"source /b/rootfs r /root/path\n"
		"source /etc/resolv.conf r /mounts/6/source\n");
	CHECK_INT(s.plan.mounts.n_early, 7);
}

TEST(paths_are_cleaned_and_sources_taken_from_the_bundle)
{
	SANDBOX(s);
	autostr struct str out = { 0 };

	sandbox_init(&s);
	s.options.bundle = "/b";
	sandbox_mount(&s, "rel//../x/", NULL, "data/../d", OPTIONS("bind"));
	sandbox_mount(&s, "/y/./z/", "ext4", "/dev/sdz1", OPTIONS("ro", "sync"));
	sandbox_mount(&s, "/ro", "tmpfs", NULL, OPTIONS("rro"));
	sandbox_mount(&s, "/dev", NULL, "/dev", OPTIONS("rbind", "ro"));
	sandbox_mount(&s, "/dev", NULL, NULL, OPTIONS("remount", "bind", "nosuid"));
	say_plan(&s, &out);
	CHECK_STR(str_text(&out), "bind /x source 1+1\n"
				  "fs /y/z ext4 set=1 rofs sync\n"
				  "fs /ro tmpfs rset=1 late\n"
				  "bind /dev source 2+1 set=1 late\n"
				  "change /dev set=2\n"
				  "source /b/rootfs r /root/path\n"
				  "source /b/data/../d /mounts/0/source\n"
				  "source /dev r /mounts/3/source\n");
}

TEST(with_a_late_pid_namespace_procfs_and_what_follows_it_waits)
{
	SANDBOX(s);

	sandbox_init(&s);
	s.plan.pid_late = true;
	sandbox_mount(&s, "/tmp", "tmpfs", "tmpfs", NULL);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/sys", "sysfs", "sysfs", NULL);
	CHECK_INT(sandbox_plan(&s, NULL), 0);
	CHECK_INT(s.plan.mounts.n_early, 1);
}

TEST(cgroup_mounts_without_a_namespace_take_their_sources_from_the_plan)
{
	SANDBOX(s);
	autostr struct str out = { 0 };
	struct cgroup_hierarchy *h;

	sandbox_init(&s);
	s.options.bundle = "/b";
	h = (struct cgroup_hierarchy *)s.host.cgroup;
	h->layout = CGROUP_LAYOUT_V1;
	h->v1[CGROUP_CPU].path = str_dup("/c/cpu,cpuacct");
	h->v1[CGROUP_CPU].controllers = str_dup("cpu,cpuacct");
	h->v1[CGROUP_PIDS].path = str_dup("/c/pids");
	h->v1[CGROUP_PIDS].controllers = str_dup("pids");
	h->v1[CGROUP_MEMORY].path = str_dup("/c/memory");
	h->v1[CGROUP_MEMORY].controllers = str_dup("memory");
	s.plan.cgroup.path = "/tare/x";
	s.plan.cgroup.v1_joined = CGROUP_BIT(CGROUP_CPU) | CGROUP_BIT(CGROUP_MEMORY);
	sandbox_mount(&s, "/sys/fs/cgroup", "cgroup", "cgroup", OPTIONS("ro"));
	say_plan(&s, &out);
	CHECK_STR(str_text(&out), "cgroup /sys/fs/cgroup cgroup source 1+2 set=1 late\n"
				  "source /b/rootfs r /root/path\n"
				  "source /c/cpu,cpuacct/tare/x /mounts/0\n"
				  "source /c/memory/tare/x /mounts/0\n");
}

/* clang-format off */
static const struct {
	const char *destination, *type, *source, *option;
	const char *message;
} bad_rows[] = {
	{ "/x", "bind", "/s", NULL,
	  "/mounts/0/type: a bind mount needs the option 'bind' or 'rbind'" },
	{ "/x", NULL, "/s", "ro",
	  "/mounts/0: neither a type nor the option 'bind' or 'rbind'" },
	{ "/x", "bind", NULL, "rbind", "/mounts/0/source: a bind mount needs a source" },
	{ "/x", "bind", "", "bind", "/mounts/0/source: a bind mount needs a source" },
	{ "", "tmpfs", NULL, NULL, "/mounts/0/destination: is empty" },
	{ "/", "tmpfs", NULL, NULL,
	  "/mounts/0/destination: '/' is the root file system itself" },
	{ "/x/..", "tmpfs", NULL, NULL,
	  "/mounts/0/destination: '/x/..' is the root file system itself" },
	{ ".", "tmpfs", NULL, NULL,
	  "/mounts/0/destination: '.' is the root file system itself" },
	{ "/x", "proc", NULL, "tmpcopyup",
	  "/mounts/0/options: 'tmpcopyup' is for a tmpfs only" },
	{ "/x", "none", "/s", "idmap",
	  "/mounts/0/options/0: not supported yet: /mounts/0/options/0" },
};
/* clang-format on */

TEST(what_cannot_be_mounted_is_refused_before_anything_is_done)
{
	for (size_t i = 0; i < N_ELEMENTS(bad_rows); i++) {
		SANDBOX(s);
		char text[1024];

		sandbox_init(&s);
		sandbox_mount(&s, bad_rows[i].destination, bad_rows[i].type,
			      bad_rows[i].source, OPTIONS(bad_rows[i].option));
		CHECK(mounts_check(&s.spec, &s.err) < 0);
		CHECK_STR(text_of(&s.err, text), bad_rows[i].message);
	}
}

TEST(id_mappings_of_a_mount_are_refused_by_name)
{
	SANDBOX(s);
	struct spec_id_mapping map = { 0, 1000, 1 };
	char text[1024];

	sandbox_init(&s);
	sandbox_mount(&s, "/x", NULL, "/s", OPTIONS("bind"));
	s.mounts[0].gid_mappings.n = 1;
	s.mounts[0].gid_mappings.v = &map;
	CHECK_INT(mounts_check(&s.spec, &s.err), -EOPNOTSUPP);
	CHECK_STR(text_of(&s.err, text),
		  "/mounts/0/gidMappings: not supported yet: /mounts/0/gidMappings");
}

TEST(iversion_cannot_be_changed_by_a_remount)
{
	SANDBOX(s);

	sandbox_init(&s);
	sandbox_mount(&s, "/x", NULL, NULL, OPTIONS("remount", "iversion"));
	CHECK_INT(mounts_check(&s.spec, &s.err), -EOPNOTSUPP);
	CHECK_STR(s.err.field, "/mounts/0/options");
}
