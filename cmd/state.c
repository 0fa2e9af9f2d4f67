/* SPDX-License-Identifier: Apache-2.0 */
/* state.c - `state <container>`: print the state of a container as JSON. */
#include "state.h"

#include "base/err.h"
#include "base/str.h"
#include "command.h"
#include "spec/emit.h"
#include "tare.h"

static void write_annotations(struct emit *m, const struct tare_state *s)
{
	emit_key(m, "annotations");
	emit_object(m);
	for (size_t i = 0; i < s->n_annotations; i++) {
		emit_key(m, s->annotations[2 * i]);
		emit_str(m, s->annotations[2 * i + 1]);
	}
	emit_object_end(m);
}

void state_show(struct emit *m, const struct tare_state *s)
{
	emit_object(m);
	emit_key(m, "ociVersion");
	emit_str(m, s->oci_version);
	emit_key(m, "id");
	emit_str(m, s->id);
	emit_key(m, "pid");
	emit_i64(m, s->pid);
	emit_key(m, "status");
	emit_str(m, tare_status_name(s->status));
	emit_key(m, "bundle");
	emit_str(m, s->bundle);
	emit_key(m, "rootfs");
	emit_str(m, s->rootfs);
	emit_key(m, "created");
	emit_str(m, s->created);
	if (s->n_annotations > 0)
		write_annotations(m, s);
	emit_key(m, "owner");
	emit_str(m, s->owner);
	emit_object_end(m);
}

static int state_run(const struct global_args *g, const void *args, char *const argv[],
		     struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	autostr struct str out = { 0 };
	struct tare_state s;
	struct emit m;
	int r = tare_load(g->root, argv[0], &c, e);

	(void)args;
	if (r == 0)
		r = tare_state(c, &s, e);
	if (r < 0)
		return r;
	emit_begin(&m, &out, EMIT_PRETTY);
	state_show(&m, &s);
	r = emit_end(&m);
	if (r < 0)
		return err_sys(e, r, "print state", argv[0]);
	return command_print(&out, e);
}

const struct command cmd_state = {
	.name = "state",
	.args = "<container>",
	.brief = "print the state of a container as JSON",
	.min_args = 1,
	.max_args = 1,
	.is_query = true,
	.run = state_run,
};
