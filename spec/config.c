/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.c - the top of config.json, its mounts and hooks; how a document is loaded.
 *
 * Reads /ociVersion, /root, /mounts, /hostname, /domainname, /hooks, /annotations.
 */
#include "spec/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "spec/bind.h"
#include "spec/json.h"

static const struct bind_field spec_id_mapping_fields[] = {
	BIND(spec_id_mapping, "containerID", container_id, .flags = REQUIRED,
	     .max = BIND_ID_MAX),
	BIND(spec_id_mapping, "hostID", host_id, .flags = REQUIRED, .max = BIND_ID_MAX),
	BIND(spec_id_mapping, "size", size, .flags = REQUIRED),
};
BIND_TYPE(spec_id_mapping);

static const struct bind_field spec_root_fields[] = {
	BIND(spec_root, "path", path, .flags = REQUIRED | NOT_EMPTY),
	BIND(spec_root, "readonly", readonly),
};
static BIND_TYPE(spec_root);

static const struct bind_field spec_mount_fields[] = {
	BIND(spec_mount, "destination", destination, .flags = REQUIRED | NOT_EMPTY),
	BIND(spec_mount, "type", type),
	BIND(spec_mount, "source", source),
	BIND(spec_mount, "options", options),
	BIND_LIST(spec_mount, "uidMappings", uid_mappings, spec_id_mapping,
		  .flags = NOT_YET),
	BIND_LIST(spec_mount, "gidMappings", gid_mappings, spec_id_mapping,
		  .flags = NOT_YET),
};
BIND_TYPE(spec_mount);

static const struct bind_field spec_hook_fields[] = {
	BIND(spec_hook, "path", path, .flags = REQUIRED | NOT_EMPTY),
	BIND(spec_hook, "args", args),
	BIND(spec_hook, "env", env),
	BIND(spec_hook, "timeout", timeout, .min = 1, .max = INT64_MAX),
};
static BIND_TYPE(spec_hook);

const char *const words_hook[] = {
	"prestart",
	"createRuntime",
	"createContainer",
	"startContainer",
	"poststart",
	"poststop",
	NULL,
};

static const struct bind_field spec_hooks_fields[] = {
	BIND_LIST(spec_hooks, "prestart", prestart, spec_hook),
	BIND_LIST(spec_hooks, "createRuntime", create_runtime, spec_hook),
	BIND_LIST(spec_hooks, "createContainer", create_container, spec_hook),
	BIND_LIST(spec_hooks, "startContainer", start_container, spec_hook),
	BIND_LIST(spec_hooks, "poststart", poststart, spec_hook),
	BIND_LIST(spec_hooks, "poststop", poststop, spec_hook),
};
static BIND_TYPE(spec_hooks);

/* One of the three numbers: no leading zero, at least one digit. */
static const char *skip_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n == 0 || (n > 1 && *s == '0') ? NULL : s + n;
}

/* SemVer 2.0.0, which config.md asks for; what follows "-" or "+" is not looked into. */
static const char *check_version(const char *s)
{
	static const char *const what =
		"is not a version of the form 1.2.3 or 1.2.3-text";

	for (size_t i = 0; i < 3; i++) {
		if (i > 0 && *s++ != '.')
			return what;
		s = skip_number(s);
		if (!s)
			return what;
	}
	if (*s && ((*s != '-' && *s != '+') || !s[1]))
		return what;
	return s[strspn(s, "+-.0123456789abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
		       ? what
		       : NULL;
}

static const struct bind_field spec_fields[] = {
	BIND(spec, "ociVersion", oci_version, .flags = REQUIRED, .check = check_version),
	BIND_OBJ(spec, "process", process, spec_process),
	BIND_OBJ(spec, "root", root, spec_root),
	BIND(spec, "hostname", hostname),
	BIND(spec, "domainname", domainname),
	BIND_LIST(spec, "mounts", mounts, spec_mount),
	BIND_OBJ(spec, "hooks", hooks, spec_hooks),
	BIND(spec, "annotations", annotations),
	BIND_OBJ(spec, "linux", linux, spec_linux),
};
BIND_TYPE(spec);

/* A document that is a part of config.json, and what it becomes. */
struct part {
	const struct bind_type *type;
	const char *pointer; /* where in config.json it would be */
	size_t offset, is_set_offset;
};

/* clang-format off */
static const struct part part_whole = { &bind_spec, "", 0, 0 };
static const struct part part_process = {
	&bind_spec_process, "/process",
	offsetof(struct spec, process), offsetof(struct spec, process.is_set),
};
static const struct part part_resources = {
	&bind_spec_resources, "/linux/resources",
	offsetof(struct spec, linux.resources), offsetof(struct spec, linux.resources.is_set),
};
/* clang-format on */

/* Takes text into the arena: messages about it may come as long as the spec lives. */
static struct spec *spec_new(const char *text, size_t len, const char *name,
			     const struct part *part)
{
	struct spec *s = calloc(1, sizeof(*s));
	char *copy;

	if (!s)
		abort();
	copy = arena_alloc(&s->arena, len + 1);
	memcpy(copy, text, len);
	s->text = copy;
	s->text_len = len;
	s->name = name;
	s->prefix = part->pointer;
	return s;
}

static int part_parse(const char *text, size_t len, const char *name,
		      const struct part *part, struct spec **ret, struct err *e)
{
	struct spec *s;
	struct bind_document d = { .name = name, .len = len, .type = part->type };
	int r;

	if (len > SPEC_MAX_SIZE)
		return err_config(e, "'%s' is larger than %u MiB", name,
				  SPEC_MAX_SIZE >> 20);
	s = spec_new(text, len, name, part);
	d.text = s->text;
	d.object = (char *)s + part->offset;
	d.arena = &s->arena;
	r = bind_parse(&d, e);
	if (r < 0) {
		spec_free(s);
		return err_doing(e, r, "read %s", name);
	}
	if (part->offset)
		*((bool *)((char *)s + part->is_set_offset)) = true;
	*ret = s;
	return 0;
}

static int refuse_file(struct err *e, int r, const char *path)
{
	if (r == -EFBIG)
		return err_config(e, "'%s' is larger than %u MiB", path,
				  SPEC_MAX_SIZE >> 20);
	if (r == -EINVAL || r == -EISDIR)
		return err_config(e, "'%s' is not a regular file", path);
	return err_sys(e, r, "open", path);
}

/* Messages have the file's own name; the literal is the caller's default. */
static int part_load(int dir_fd, const char *path, const struct part *part,
		     struct spec **ret, struct err *e)
{
	autofree char *text = NULL;
	const char *slash = strrchr(path, '/');
	const char *name = slash && slash[1] ? slash + 1 : path;
	size_t len;
	int r;

	r = file_read_all_at(dir_fd, path, SPEC_MAX_SIZE, true, &text, &len);
	if (r < 0)
		return err_doing(e, refuse_file(e, r, path), "read %s", name);
	r = part_parse(text, len, name, part, ret, e);
	/* path is the caller's and may be gone before the spec is. */
	if (r == 0)
		(*ret)->name = arena_strdup(&(*ret)->arena, name);
	return r;
}

int spec_load(int dir_fd, const char *path, struct spec **ret, struct err *e)
{
	return part_load(dir_fd, path, &part_whole, ret, e);
}

int spec_parse(const char *text, size_t len, const char *name, struct spec **ret,
	       struct err *e)
{
	return part_parse(text, len, name, &part_whole, ret, e);
}

int spec_load_process(int dir_fd, const char *path, struct spec **ret, struct err *e)
{
	return part_load(dir_fd, path, &part_process, ret, e);
}

int spec_parse_resources(const char *text, size_t len, const char *name,
			 struct spec **ret, struct err *e)
{
	return part_parse(text, len, name, &part_resources, ret, e);
}

void spec_free(struct spec *s)
{
	struct arena arena;

	if (!s)
		return;
	arena = s->arena;
	arena_free(&arena);
	free(s);
}
