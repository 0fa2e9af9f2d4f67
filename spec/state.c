/* SPDX-License-Identifier: Apache-2.0 */
/* state.c - the table of state.json. */
#include "spec/state.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "spec/bind.h"
#include "spec/emit.h"

static const char *const words_status[] = { "creating", "created", NULL };
static const char *const words_manager[] = { "cgroupfs", "disabled", NULL };

static const struct bind_field spec_state_fields[] = {
	BIND(spec_state, "ociVersion", oci_version, .flags = REQUIRED),
	BIND(spec_state, "id", id, .flags = REQUIRED | NOT_EMPTY),
	BIND(spec_state, "status", status, .flags = REQUIRED, .one_of = words_status),
	BIND(spec_state, "pid", pid, .flags = REQUIRED, .max = INT32_MAX),
	BIND(spec_state, "startTime", start_time),
	BIND(spec_state, "bundle", bundle, .flags = REQUIRED | NOT_EMPTY),
	BIND(spec_state, "rootfs", rootfs),
	BIND(spec_state, "config", config),
	BIND(spec_state, "created", created),
	BIND(spec_state, "owner", owner),
	BIND(spec_state, "cgroupManager", cgroup_manager, .one_of = words_manager),
	BIND(spec_state, "cgroupPath", cgroup_path),
	BIND(spec_state, "cgroupMade", cgroup_made),
	BIND(spec_state, "cgroupV1Joined", cgroup_v1_joined),
	BIND(spec_state, "noPivot", no_pivot),
	BIND(spec_state, "annotations", annotations),
};
static BIND_TYPE(spec_state);

int state_parse(const char *text, size_t len, struct arena *arena, struct spec_state *ret,
		struct err *e)
{
	struct spec_state state = { 0 };
	struct bind_document d = {
		.text = text,
		.len = len,
		.name = "state.json",
		.type = &bind_spec_state,
		.object = &state,
		.arena = arena,
	};
	int r;

	r = bind_parse(&d, e);
	if (r < 0)
		return err_doing(e, r, "read state.json");
	*ret = state;
	return 0;
}

int state_emit(const struct spec_state *s, struct str *out, struct err *e)
{
	struct emit m;

	emit_begin(&m, out, 0);
	emit_bound(&m, &bind_spec_state, s);
	if (emit_end(&m) < 0)
		return err_config(e, "bundle '%s' or rootfs is not valid UTF-8",
				  s->bundle);
	return 0;
}

static void emit_pair(struct emit *m, const char *key, const char *value)
{
	emit_key(m, key);
	emit_str(m, value);
}

/* Two documents that are whole by themselves, their seam cut off. */
void emit_hook_state(struct arena *arena, const struct spec_state *s,
		     const char **ret_head, const char **ret_tail)
{
	autostr struct str head = { 0 }, tail = { 0 };
	struct emit m;

	emit_begin(&m, &head, EMIT_LOSSY);
	emit_object(&m);
	emit_pair(&m, "ociVersion", s->oci_version);
	emit_pair(&m, "id", s->id);
	emit_pair(&m, "status", "");
	emit_object_end(&m);
	(void)emit_end(&m);
	*ret_head = arena_strndup(arena, head.s, head.len - strlen("\"}"));

	emit_begin(&m, &tail, EMIT_LOSSY);
	emit_object(&m);
	emit_pair(&m, "bundle", s->bundle);
	emit_key(&m, "annotations");
	emit_str_map(&m, &s->annotations);
	emit_object_end(&m);
	(void)emit_end(&m);
	*ret_tail = arena_printf(arena, ",%s", tail.s + strlen("{"));
}
