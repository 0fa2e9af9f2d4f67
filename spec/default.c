/* SPDX-License-Identifier: Apache-2.0 */
/* default.c - see default.h. The struct goes out by the tables that read it back. */
#include "spec/default.h"

#include "base/str.h"
#include "spec/bind.h"
#include "spec/emit.h"
#include "spec/features.h"

#define RLIMIT_FILES 1024

/* Out of a NULL-terminated array; the list is only emitted, never written to. */
static struct str_list list(const char *const *v)
{
	struct str_list l = { .v = (const char **)v, .is_set = true };

	while (v[l.n])
		l.n++;
	return l;
}

static const char *const args[] = { "sh", NULL };
static const char *const env[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"TERM=xterm",
	NULL,
};
static const char *const caps[] = {
	"CAP_AUDIT_WRITE",
	"CAP_KILL",
	"CAP_NET_BIND_SERVICE",
	NULL,
};

/* Kernel memory, secrets and switches that procfs and sysfs show to any root. */
static const char *const masked[] = {
	"/proc/acpi",          "/proc/asound",      "/proc/kcore", "/proc/keys",
	"/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",  "/proc/timer_list",
	"/proc/timer_stats",   "/sys/firmware",     NULL,
};
static const char *const readonly[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", NULL,
};

/* The last one is left out where cgroup v1 is. */
static const char *const namespaces[] = { "pid", "network", "ipc",
					  "uts", "mount",   "cgroup" };

struct mount_row {
	const char *destination, *type, *source;
	const char *options[8];
};

/* clang-format off */
static const struct mount_row mounts[] = {
	{ "/proc", "proc", "proc", { NULL } },
	{ "/dev", "tmpfs", "tmpfs",
	  { "nosuid", "strictatime", "mode=755", "size=65536k" } },
	{ "/dev/pts", "devpts", "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5" } },
	{ "/dev/shm", "tmpfs", "shm",
	  { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" } },
	{ "/dev/mqueue", "mqueue", "mqueue", { "nosuid", "noexec", "nodev" } },
	{ "/sys", "sysfs", "sysfs", { "nosuid", "noexec", "nodev", "ro" } },
	{ "/sys/fs/cgroup", "cgroup", "cgroup",
	  { "nosuid", "noexec", "nodev", "relatime", "ro" } },
};
/* clang-format on */

static void fill_process(struct spec_process *p, struct spec_rlimit *rlimit)
{
	*rlimit = (struct spec_rlimit){ "RLIMIT_NOFILE", RLIMIT_FILES, RLIMIT_FILES };
	*p = (struct spec_process){
		.is_set = true,
		.terminal = true,
		.user = { .is_set = true },
		.args = list(args),
		.env = list(env),
		.cwd = "/",
		.capabilities = { .is_set = true,
				  .bounding = list(caps),
				  .effective = list(caps),
				  .permitted = list(caps) },
		.rlimits = { 1, rlimit },
		.no_new_privileges = true,
	};
}

static void fill_mount(struct spec_mount *m, const struct mount_row *row)
{
	*m = (struct spec_mount){ .destination = row->destination,
				  .type = row->type,
				  .source = row->source };
	m->options = list(row->options);
	m->options.is_set = m->options.n > 0;
}

void spec_default_emit(bool has_cgroup2, struct str *out)
{
	struct spec_mount mount[N_ELEMENTS(mounts)];
	struct spec_namespace ns[N_ELEMENTS(namespaces)];
	struct spec_device_rule deny_all = { .allow = false, .access = "rwm" };
	struct spec_rlimit rlimit;
	struct emit m;
	struct spec s = {
		.oci_version = SPEC_VERSION,
		.root = { .is_set = true, .path = "rootfs", .readonly = true },
		.hostname = "tare",
		.mounts = { N_ELEMENTS(mount), mount },
		.linux = { .is_set = true,
			   .resources = { .is_set = true, .devices = { 1, &deny_all } },
			   .namespaces = { N_ELEMENTS(ns) - !has_cgroup2, ns },
			   .masked_paths = list(masked),
			   .readonly_paths = list(readonly) },
	};

	fill_process(&s.process, &rlimit);
	for (size_t i = 0; i < N_ELEMENTS(mounts); i++)
		fill_mount(&mount[i], &mounts[i]);
	for (size_t i = 0; i < N_ELEMENTS(namespaces); i++)
		ns[i] = (struct spec_namespace){ .type = namespaces[i] };
	emit_begin(&m, out, EMIT_PRETTY);
	emit_bound(&m, &bind_spec, &s);
	(void)emit_end(&m); /* literals: nothing can be wrong */
}
