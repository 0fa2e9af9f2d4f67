/* SPDX-License-Identifier: Apache-2.0 */
/* dirs.c - the directories that make up one container's cgroup; see dirs.h. */
#include "cgroup/dirs.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "plan.h"

void cgroup_dirs_of(const struct cgroup_hierarchy *h, uint32_t v1_joined,
		    const char *path, struct cgroup_dirs *ret)
{
	*ret = (struct cgroup_dirs){ .path = path[0] == '/' ? path + 1 : path };
	if (h->v2_path)
		ret->v[ret->n++] = (struct cgroup_dir){
			.name = "unified",
			.root = h->v2_path,
			.root_fd = h->v2_fd,
			.v2 = true,
		};
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		const struct cgroup_v1 *v1 = &h->v1[i];

		if (!v1->path || !(v1_joined & CGROUP_BIT(i)))
			continue;
		ret->v[ret->n++] = (struct cgroup_dir){
			.name = controller_name((enum cgroup_controller)i),
			.root = v1->path,
			.root_fd = hierarchy_v1_fd(h, i),
		};
	}
}

/* One that is not found would silently be left out: of an exec, or of a removal. */
static int check_all_found(const struct cgroup_hierarchy *h, const struct held *held,
			   struct err *e)
{
	if (held->cgroup_v1_joined == CGROUP_ALL) /* all there are */
		return 0;
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (!(held->cgroup_v1_joined & CGROUP_BIT(i)) || h->v1[i].path)
			continue;
		return err_state(
			e, -ENODEV,
			"the v1 hierarchy '%s', where the container has a cgroup, "
			"is not mounted",
			controller_name((enum cgroup_controller)i));
	}
	return 0;
}

int cgroup_dirs_open(const struct held *held, struct cgroup_dirs *ret, struct err *e)
{
	struct cgroup_hierarchy *own = NULL;

	*ret = CGROUP_DIRS_NONE;
	if (str_empty(held->cgroup_path))
		return 0;
	/* Whatever state.json says: signals and rmdir are never for the whole machine. */
	if (held->cgroup_path[strspn(held->cgroup_path, "/.")] == '\0' ||
	    path_has_dotdot(held->cgroup_path))
		return err_config(e, "'%s' is not the cgroup of a container",
				  held->cgroup_path);
	if (!held->cgroup) {
		int r = hierarchy_probe_at("", held->cgroup_v1_joined, &own, e);

		if (r < 0)
			return r;
	}
	cgroup_dirs_of(own ? own : held->cgroup, held->cgroup_v1_joined,
		       held->cgroup_path, ret);
	ret->own = own;
	return check_all_found(own ? own : held->cgroup, held, e);
}

void cgroup_dirs_close(struct cgroup_dirs *d)
{
	hierarchy_free(d->own);
	*d = CGROUP_DIRS_NONE;
}

const struct cgroup_dir *cgroup_dirs_v2(const struct cgroup_dirs *d)
{
	return d->n && d->v[0].v2 ? &d->v[0] : NULL;
}

const struct cgroup_dir *cgroup_dirs_v1(const struct cgroup_dirs *d,
					enum cgroup_controller c)
{
	for (size_t i = 0; i < d->n; i++) {
		if (!d->v[i].v2 && str_eq(d->v[i].name, controller_name(c)))
			return &d->v[i];
	}
	return NULL;
}

ssize_t cgroup_read(const struct cgroup_dir *d, const char *path, const char *file,
		    char *buf, size_t size)
{
	char name[PATH_MAX];
	int r = str_format(name, sizeof(name), "%s%s%s", path, *path ? "/" : "", file);

	return r < 0 ? r : file_read_once_at(d->root_fd, name, buf, size);
}

int cgroup_put(const struct cgroup_dir *d, const char *path, const char *file,
	       const char *text)
{
	char name[PATH_MAX];
	int r = str_format(name, sizeof(name), "%s%s%s", path, *path ? "/" : "", file);

	return r < 0 ? r : file_put_at(d->root_fd, name, text);
}

int cgroup_flag(const struct cgroup_dir *d, const char *path, const char *file,
		const char *key)
{
	char text[256];
	ssize_t r = cgroup_read(d, path, file, text, sizeof(text));

	if (r < 0)
		return (int)r;
	for (const char *line = text; *line; line += strspn(line, "\n")) {
		const char *value = str_after(line, key);

		if (value && *value == ' ')
			return value[1] != '0';
		line += strcspn(line, "\n");
	}
	return -ENOENT;
}

size_t cgroup_depth(const char *path)
{
	size_t n = 0;

	for (; *path; path += strspn(path, "/")) {
		n++;
		path += strcspn(path, "/");
	}
	return n;
}

int cgroup_prefix(const char *path, size_t n, char buf[PATH_MAX])
{
	const char *end = path;

	for (size_t i = 0; i < n; i++) {
		end += strspn(end, "/");
		end += strcspn(end, "/");
	}
	return str_format(buf, PATH_MAX, "%.*s", (int)(end - path), path);
}
