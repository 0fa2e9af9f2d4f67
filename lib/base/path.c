/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path.c - file names as text.
 *
 * A cleaned path is where names are compared and shown; what the kernel finds
 * there is another matter, as a component may be a symbolic link.
 */
#include "base/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_dotdot(const char *component, size_t len)
{
	return len == 2 && component[0] == '.' && component[1] == '.';
}

/*
 * The path being built in `buf`. `fixed` is the length that no ".." takes back:
 * the root, or leading ".." of a relative path.
 */
struct cleaned {
	char *buf;
	size_t size, len, fixed;
	bool absolute;
};

static int push(struct cleaned *c, const char *component, size_t len)
{
	size_t slash = c->len > 0 && c->buf[c->len - 1] != '/';

	if (len + slash >= c->size - c->len)
		return -ENAMETOOLONG;
	if (slash)
		c->buf[c->len++] = '/';
	memcpy(c->buf + c->len, component, len);
	c->len += len;
	return 0;
}

static int push_dotdot(struct cleaned *c)
{
	int r;

	if (c->len > c->fixed) {
		while (c->len > c->fixed && c->buf[c->len - 1] != '/')
			c->len--;
		if (c->len > c->fixed)
			c->len--;
		return 0;
	}
	if (c->absolute)
		return 0;
	r = push(c, "..", 2);
	c->fixed = c->len;
	return r;
}

int path_clean(const char *path, char *buf, size_t size)
{
	struct cleaned c = { .buf = buf, .size = size, .absolute = *path == '/' };
	int r = 0;

	if (size < 2)
		return -ENAMETOOLONG;
	if (c.absolute) {
		buf[0] = '/';
		c.len = c.fixed = 1;
	}
	while (*path) {
		size_t n = strcspn(path, "/");

		if (is_dotdot(path, n))
			r = push_dotdot(&c);
		else if (n > 0 && !(n == 1 && *path == '.'))
			r = push(&c, path, n);
		if (r < 0)
			return r;
		path += n + (path[n] == '/');
	}
	if (c.len == 0)
		buf[c.len++] = '.';
	buf[c.len] = '\0';
	return 0;
}

char *path_clean_dup(struct arena *a, const char *path)
{
	/* Cleaning never makes a path longer, but for "" and ".". */
	size_t size = strlen(path) + 2;
	char *buf = arena_alloc(a, size);

	if (path_clean(path, buf, size) < 0)
		abort();
	return buf;
}

char *path_join(struct arena *a, const char *dir, const char *name)
{
	size_t len = strlen(dir);
	const char *slash = len > 0 && dir[len - 1] == '/' ? "" : "/";

	if (len == 0 || *name == '/')
		return arena_strdup(a, name);
	if (!*name)
		return arena_strdup(a, dir);
	return arena_printf(a, "%s%s%s", dir, slash, name);
}

bool path_has_dotdot(const char *path)
{
	while (*path) {
		size_t n = strcspn(path, "/");

		if (is_dotdot(path, n))
			return true;
		path += n + (path[n] == '/');
	}
	return false;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
