/* SPDX-License-Identifier: Apache-2.0 */
/* container.c - make, load, ask and free the object; see container.h. */
#include "container/container.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "cgroup/hierarchy.h"
#include "container/lock.h"
#include "container/state.h"
#include "kernel/cred.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/self.h"
#include "process/caps.h"
#include "spec/emit.h"

#define ID_MAX 255

static bool is_id_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
	       (ch >= '0' && ch <= '9') || (ch && strchr("_+.-", ch));
}

int container_check_id(const char *id, struct err *e)
{
	size_t len = strlen(id);
	int r = 0;

	if (!len || str_eq(id, ".") || str_eq(id, "..") || len > ID_MAX)
		r = -EINVAL;
	for (size_t i = 0; i < len && r >= 0; i++)
		r = is_id_char(id[i]) ? 0 : -EINVAL;
	if (r >= 0)
		return 0;
	return err_hint(e, err_usage(e, "invalid container ID '%s'", id),
			"an ID has 1 to 255 of the characters A-Z a-z 0-9 _ + . -");
}

char *tare_default_root(void)
{
	const char *runtime_dir = getenv("XDG_RUNTIME_DIR");

	if (sys_geteuid() == 0 || str_empty(runtime_dir))
		return str_dup("/run/tare");
	return str_dupf("%s/tare", runtime_dir);
}

const char *tare_status_name(enum tare_status status)
{
	static const char *const names[] = {
		[TARE_CREATING] = "creating", [TARE_CREATED] = "created",
		[TARE_RUNNING] = "running",   [TARE_PAUSED] = "paused",
		[TARE_STOPPED] = "stopped",
	};

	return names[status];
}

static int open_root(struct tare_container *c, bool make, struct err *e)
{
	int r;

	c->root_fd = sys_openat(AT_FDCWD, c->root, O_PATH | O_DIRECTORY, 0);
	if (c->root_fd == -ENOENT && make) {
		r = file_mkdir_all_at(AT_FDCWD, c->root, 0700);
		if (r < 0)
			return err_sys(e, r, "mkdir", c->root);
		c->root_fd = sys_openat(AT_FDCWD, c->root, O_PATH | O_DIRECTORY, 0);
	}
	if (c->root_fd == -ENOENT)
		return err_state(e, -ENOENT, "container does not exist");
	return c->root_fd < 0 ? err_sys(e, c->root_fd, "open", c->root) : 0;
}

int container_new(const char *root, const char *id, bool make,
		  struct tare_container **ret, struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	int r = container_check_id(id, e);

	if (r < 0)
		return r;
	c = calloc(1, sizeof(*c));
	if (!c)
		return err_sys(e, -ENOMEM, "calloc", "container");
	c->root_fd = c->dir_fd = -EBADF;
	boot_init(&c->boot, &c->plan);
	c->root = arena_strdup(&c->arena, root);
	c->held.id = arena_strdup(&c->arena, id);
	c->held.state_dir = arena_printf(&c->arena, "%s/%s", root, id);
	r = open_root(c, make, e);
	if (r < 0)
		return r;
	*ret = c;
	c = NULL;
	return 0;
}

void tare_free(struct tare_container *c)
{
	if (!c)
		return;
	boot_close(&c->boot);
	hierarchy_free((struct cgroup_hierarchy *)c->host.cgroup);
	spec_free(c->spec);
	spec_free(c->process_spec);
	arena_free(&c->plan.arena);
	fd_close(&c->dir_fd);
	fd_close(&c->root_fd);
	arena_free(&c->arena);
	free(c);
}

int container_load(const char *root, const char *id, struct tare_container **ret,
		   struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	int r = container_new(root, id, false, &c, e);

	if (r >= 0)
		r = state_read(c, e);
	if (r < 0)
		return r;
	*ret = c;
	c = NULL;
	return 0;
}

int tare_load(const char *root, const char *id, struct tare_container **ret,
	      struct err *e)
{
	return container_load(root, id, ret, e);
}

int container_load_spec(struct tare_container *c, struct err *e)
{
	if (c->spec)
		return 0;
	return spec_load(c->dir_fd, "config.json", &c->spec, e);
}

/* Capabilities above those of the bounding set, and the set itself where /proc is mute.
 */
static void probe_self(struct host *h)
{
	struct self_status self;
	int cap;

	h->last_cap = -1;
	if (sys_self_status(&self) == 0) {
		h->signals_default = ~(self.signals_ignored | self.signals_caught);
		h->cap_bounding = self.cap_bounding;
		for (uint64_t rest = self.cap_bounding; rest; rest >>= 1)
			h->last_cap++;
	}
	while ((cap = sys_capbset_read(h->last_cap + 1)) >= 0) {
		h->last_cap++;
		h->cap_bounding |= (uint64_t)cap << h->last_cap;
	}
}

int container_probe_host(struct tare_container *c, struct err *e)
{
	struct host *h = &c->host;
	struct cgroup_hierarchy *cgroup = NULL;
	char map[128];
	int r;

	if (h->cgroup)
		return 0;
	h->euid = sys_geteuid();
	h->egid = sys_getegid();
	r = sys_capget(&h->caps);
	if (r < 0)
		return err_sys(e, r, "capget", "self");
	probe_self(h);
	r = (int)file_read_once_at(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map));
	h->in_userns = r >= 0 && !strstr(map, "4294967295");
	r = hierarchy_probe(&cgroup, e);
	h->cgroup = c->held.cgroup = cgroup;
	return r;
}

/* 1: our init lives, 0: it has ended, even if nobody has reaped it yet; or -errno. */
static int init_lives(const struct tare_container *c)
{
	struct proc_stat st;
	int r = c->held.pid > 0 ? sys_proc_stat(c->held.pid, &st) : -ESRCH;

	if (r < 0)
		return r == -ESRCH ? 0 : r;
	return st.start_time == c->held.start_time && st.state != 'Z' && st.state != 'X';
}

/* A dead init's container is stopped, unless a create is still at work on it. */
static int status_of_dead(struct tare_container *c, enum tare_status *ret, struct err *e)
{
	int r = 0;

	if (str_eq(c->state.status, "creating"))
		r = lock_is_busy(c);
	if (r < 0 && r != -ENOENT)
		return err_sys(e, r, "flock", c->held.state_dir);
	*ret = r == 1 ? TARE_CREATING : TARE_STOPPED;
	return 0;
}

static int status_of_living(struct tare_container *c, enum tare_status *ret,
			    struct err *e)
{
	int r;

	*ret = TARE_CREATING;
	if (str_eq(c->state.status, "creating"))
		return 0;
	r = cgroup_is_frozen(&c->held);
	if (r < 0)
		return err_sysf(e, r, "read", "%s: freezer state", c->held.cgroup_path);
	*ret = TARE_PAUSED;
	if (r > 0)
		return 0;
	r = boot_is_waiting(c->dir_fd);
	if (r < 0)
		return err_sysf(e, r, "open", "%s/go", c->held.state_dir);
	*ret = r ? TARE_CREATED : TARE_RUNNING;
	return 0;
}

int container_status(struct tare_container *c, enum tare_status *ret, struct err *e)
{
	int r = init_lives(c);

	if (r < 0)
		return err_sysf(e, r, "read", "/proc/%d/stat", (int)c->held.pid);
	return r ? status_of_living(c, ret, e) : status_of_dead(c, ret, e);
}

int container_open_init(const struct tare_container *c, int *ret_pidfd)
{
	autofd int pidfd = -EBADF;
	int r;

	if (c->held.pid <= 0)
		return -ESRCH;
	pidfd = sys_pidfd_open(c->held.pid, 0);
	if (pidfd < 0)
		return pidfd == -EINVAL ? -ESRCH : pidfd;
	/* Asked after the descriptor is there, so that the pid cannot be another's by
	 * now. */
	r = init_lives(c);
	if (r <= 0)
		return r < 0 ? r : -ESRCH;
	*ret_pidfd = take_fd(&pidfd);
	return 0;
}

void container_hook_state(struct tare_container *c)
{
	emit_hook_state(&c->arena, &c->state, &c->hook_state.head, &c->hook_state.tail);
}

int container_run_hooks(struct tare_container *c, enum hook_kind kind, struct err *e)
{
	static const char *const status[HOOK_KINDS] = {
		[HOOK_POSTSTART] = "running",
		[HOOK_POSTSTOP] = "stopped",
	};
	int r = container_load_spec(c, e);

	if (r < 0 || !hooks_count(c->spec, kind))
		return r;
	container_hook_state(c);
	return hooks_run(c->spec, kind, &c->hook_state, status[kind],
			 kind == HOOK_POSTSTOP ? 0 : c->held.pid, -EBADF, 0, e);
}
