/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.c - write the planned limits and device rules.
 *
 * Everything was decided by the plan: here a value is written, or the error says which
 * controller refused it in which file, for which field. The kernel's order constraints
 * that depend on what was there before are met by trying: see
 * plan_cgroup_write.with_next.
 */
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/devices-bpf.h"
#include "cgroup/dirs.h"
#include "cgroup/memory.h"
#include "kernel/file.h"
#include "plan.h"

static const struct cgroup_dir *dir_of_write(const struct cgroup_dirs *d,
					     const struct cgroup_hierarchy *h,
					     const struct plan_cgroup_write *w)
{
	enum cgroup_controller c = controller_by_name(w->controller);

	if (c < CGROUP_CONTROLLERS && hierarchy_v1(h, c))
		return cgroup_dirs_v1(d, (enum cgroup_controller)h->v1_slot[c]);
	return cgroup_dirs_v2(d);
}

/* Device rules are many writes to one file, one rule each: it stays open. */
struct writer {
	const struct plan *plan;
	const struct cgroup_dirs *d;
	const char *file;
	int fd;
};

static int put(struct writer *writer, const struct plan_cgroup_write *w)
{
	const struct cgroup_dir *dir =
		dir_of_write(writer->d, writer->plan->host->cgroup, w);
	char name[PATH_MAX];
	ssize_t r;

	if (!dir)
		return -ENODEV;
	if (!str_eq(writer->file, w->file)) {
		r = str_format(name, sizeof(name), "%s/%s", writer->d->path, w->file);
		if (r < 0)
			return (int)r;
		fd_close(&writer->fd);
		writer->fd = sys_openat(dir->root_fd, name, O_WRONLY, 0);
		writer->file = writer->fd < 0 ? NULL : w->file;
	}
	r = writer->fd < 0 ? writer->fd
			   : sys_write(writer->fd, w->value, strlen(w->value));
	return r < 0 && r != -w->tolerate ? (int)r : 0;
}

static int refused(const struct writer *writer, const struct plan_cgroup_write *w, int r,
		   struct err *e)
{
	const struct cgroup_dir *dir =
		dir_of_write(writer->d, writer->plan->host->cgroup, w);
	char name[PATH_MAX] = "";

	(void)str_format(name, sizeof(name), "%s/%s/%s", dir ? dir->root : "",
			 writer->d->path, w->file);
	err_sys_msg(e, r, "write", name, "the '%s' controller refused '%s'",
		    w->controller, w->value);
	if (r == -ENOENT)
		err_hint(e, r, "this kernel's '%s' controller has no such file",
			 w->controller);
	return err_at(e, r, "%s", w->field);
}

static int write_all(struct writer *writer, struct err *e)
{
	const struct plan_cgroup *c = &writer->plan->cgroup;

	for (size_t i = 0; i < c->n_writes; i++) {
		const struct plan_cgroup_write *w = &c->write[i];
		bool swapped = false;
		int r = put(writer, w);

		if (r == -EINVAL && w->with_next && put(writer, w + 1) >= 0) {
			swapped = true;
			r = put(writer, w);
		}
		if (r < 0)
			return refused(writer, w, r, e);
		i += swapped;
	}
	return 0;
}

static int check_usage(const struct writer *writer, struct err *e)
{
	const struct cgroup_dir *v1 = cgroup_dirs_v1(writer->d, CGROUP_MEMORY);
	const struct cgroup_dir *dir = v1 ? v1 : cgroup_dirs_v2(writer->d);

	return dir ? memory_check_usage(writer->plan->spec, dir->root_fd, writer->d->path,
					!v1, e)
		   : 0;
}

static int apply_device_program(const struct writer *writer, struct err *e)
{
	const struct cgroup_dir *v2 = cgroup_dirs_v2(writer->d);
	char path[PATH_MAX];
	autofd int fd = -EBADF;
	int r;

	if (!v2 || hierarchy_v1(writer->plan->host->cgroup, CGROUP_DEVICES))
		return 0;
	r = str_format(path, sizeof(path), "%s/%s", v2->root, writer->d->path);
	if (r < 0)
		return err_sys(e, r, "open", writer->d->path);
	fd = sys_openat(v2->root_fd, writer->d->path, O_RDONLY | O_DIRECTORY, 0);
	return fd < 0 ? err_sys(e, fd, "open", path)
		      : device_bpf_apply(writer->plan, fd, e);
}

int cgroup_apply(const struct plan *plan, const struct held *held, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	struct writer writer = { .plan = plan, .d = &d, .fd = -EBADF };
	int r = cgroup_dirs_open(held, &d, e);

	if (r < 0 || d.n == 0)
		return r;
	r = check_usage(&writer, e);
	if (r >= 0)
		r = write_all(&writer, e);
	fd_close(&writer.fd);
	return r < 0 ? r : apply_device_program(&writer, e);
}
