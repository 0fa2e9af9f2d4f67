/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.c - the state directory and state.json; see state.h.
 *
 * OCI: /annotations, which are kept for `state`, `list` and hooks.
 */
#include "container/state.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "base/user.h"
#include "base/utc.h"
#include "container/container.h"
#include "container/lock.h"
#include "kernel/cred.h"
#include "kernel/file.h"

#define STATE_MAX_SIZE (16u << 20)

static const char *now(struct arena *a)
{
	struct timespec ts;
	char text[UTC_SIZE];

	if (clock_gettime(CLOCK_REALTIME, &ts) < 0 ||
	    utc_format(text, sizeof(text), ts.tv_sec, (uint32_t)ts.tv_nsec) < 0)
		return "1970-01-01T00:00:00Z";
	return arena_strdup(a, text);
}

static const char *owner_name(struct arena *a, uid_t uid)
{
	autofree char *name = uid == 0 ? str_dup("root") : user_name("/etc/passwd", uid);

	return name ? arena_strdup(a, name) : arena_printf(a, "%u", uid);
}

/* What is known before anything is done. */
static void fill_state(struct tare_container *c)
{
	struct spec_state *s = &c->state;

	s->oci_version = c->spec->oci_version;
	s->id = c->held.id;
	s->status = "creating";
	s->bundle = c->options.bundle;
	s->rootfs = c->plan.root.source == NO_SOURCE
			    ? c->spec->root.path
			    : c->plan.sources.v[c->plan.root.source].path;
	s->created = now(&c->arena);
	s->owner = owner_name(&c->arena, c->host.euid);
	s->annotations = c->spec->annotations;
	s->no_pivot = c->options.no_pivot;
}

int state_write(struct tare_container *c, struct err *e)
{
	struct spec_state *s = &c->state;
	autostr struct str text = { 0 };
	int r;

	s->pid = c->held.pid;
	s->start_time = c->held.start_time;
	s->cgroup_manager = c->held.cgroup_manager;
	s->cgroup_path = c->held.cgroup_path;
	s->cgroup_made = c->held.cgroup_made;
	s->cgroup_v1_joined = c->held.cgroup_v1_joined;
	r = state_emit(s, &text, e);
	if (r < 0)
		return r;
	r = file_replace_at(c->dir_fd, "state.json", text.s, text.len, 0600, false);
	return r < 0 ? err_sysf(e, r, "write", "%s/state.json", c->held.state_dir) : 0;
}

static int save_config(struct tare_container *c, struct err *e)
{
	/* Nobody reads it before state.json is there. */
	int r = file_create_at(c->dir_fd, "config.json", c->spec->text, c->spec->text_len,
			       0600);

	return r < 0 ? err_sysf(e, r, "write", "%s/config.json", c->held.state_dir) : 0;
}

int state_make(struct tare_container *c, struct err *e)
{
	int r = sys_mkdirat(c->root_fd, c->held.id, 0700);

	if (r == -EEXIST)
		return err_hint(
			e, err_state(e, r, "container with given ID already exists"),
			"`tare delete %s` removes it once it has stopped", c->held.id);
	if (r < 0)
		return err_sys(e, r, "mkdir", c->held.state_dir);
	c->made_dir = true;
	r = lock_take(c, LOCK_TIMEOUT_MS, e);
	if (r < 0)
		return r;
	fill_state(c);
	return save_config(c, e);
}

static int remove_entry(void *ctx, int dir_fd, const char *name, unsigned char type)
{
	int r = sys_unlinkat(dir_fd, name, type == DT_DIR ? AT_REMOVEDIR : 0);

	(void)ctx;
	return r == -ENOENT ? 0 : r;
}

/* state.json last: as long as it is there, another delete knows what to undo. */
static int remove_files(int dir_fd)
{
	static const char *const names[] = { "config.json", "go", "why", "state.json" };
	int r = 0;

	for (size_t i = 0; i < N_ELEMENTS(names) && r >= 0; i++)
		r = remove_entry(NULL, dir_fd, names[i], DT_REG);
	return r;
}

int state_remove(struct tare_container *c, struct err *e)
{
	autofd int own_fd = -EBADF;
	int fd = c->dir_fd, r;

	/* A create that lost the race for the id has nothing to remove. */
	if (c->args && !c->made_dir)
		return 0;
	if (!c->locked)
		fd = own_fd = sys_openat(c->root_fd, c->held.id,
					 O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(e, fd, "open", c->held.state_dir);
	r = remove_files(fd);
	if (r >= 0)
		r = sys_unlinkat(c->root_fd, c->held.id, AT_REMOVEDIR);
	/* What a writer that was killed has left. */
	if (r == -ENOTEMPTY || r == -EEXIST) {
		r = sys_dir_each(fd, remove_entry, NULL);
		if (r >= 0)
			r = sys_unlinkat(c->root_fd, c->held.id, AT_REMOVEDIR);
	}
	return r < 0 && r != -ENOENT ? err_sys(e, r, "remove", c->held.state_dir) : 0;
}

int state_read(struct tare_container *c, struct err *e)
{
	autofree char *text = NULL;
	autofd int fd = -EBADF;
	size_t len;
	int r;

	fd = sys_openat(c->root_fd, c->held.id, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd == -ENOENT)
		return err_state(e, -ENOENT, "container does not exist");
	if (fd < 0)
		return err_sys(e, fd, "open", c->held.state_dir);
	r = file_read_all_at(fd, "state.json", STATE_MAX_SIZE, true, &text, &len);
	if (r == -ENOENT)
		return err_hint(e,
				err_state(e, -ENODATA,
					  "container '%s' was never created whole",
					  c->held.id),
				"`tare delete --force %s` removes what is left of it",
				c->held.id);
	if (r < 0)
		return err_sysf(e, r, "read", "%s/state.json", c->held.state_dir);
	if (!c->locked) {
		fd_close(&c->dir_fd);
		c->dir_fd = take_fd(&fd);
	}
	r = state_parse(text, len, &c->arena, &c->state, e);
	if (r < 0)
		return r;
	c->held.pid = (pid_t)c->state.pid;
	c->held.start_time = c->state.start_time;
	c->held.cgroup_manager = c->state.cgroup_manager;
	c->held.cgroup_path = c->state.cgroup_path;
	c->held.cgroup_made = c->state.cgroup_made;
	c->held.cgroup_v1_joined = c->state.cgroup_v1_joined;
	return 0;
}
