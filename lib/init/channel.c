/* SPDX-License-Identifier: Apache-2.0 */
/*
 * channel.c - datagrams between init and the host; see channel.h for the protocol.
 *
 * Both ends were made by one program, but from the moment a filter or a hook may
 * run in init's place its words are checked like any other input.
 */
#include "init/channel.h"

#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "kernel/socket.h"

struct chan_kind {
	const char *name;
	size_t min_len, max_len; /* of the payload */
	bool has_fd;
};

/* clang-format off */
static const struct chan_kind kinds[CHAN_TYPES] = {
	[CHAN_LOG]     = { "LOG",     0,                  CHAN_TEXT_SIZE - 1, false },
	[CHAN_ERROR]   = { "ERROR",   sizeof(struct err), sizeof(struct err), false },
	[CHAN_PID]     = { "PID",     0,                  0,                  true  },
	[CHAN_CGROUP]  = { "CGROUP",  0,                  0,                  false },
	[CHAN_IDMAP]   = { "IDMAP",   0,                  0,                  false },
	[CHAN_SOURCE]  = { "SOURCE",  0,                  0,                  false },
	[CHAN_HOOKS]   = { "HOOKS",   0,                  0,                  false },
	[CHAN_CONSOLE] = { "CONSOLE", 0,                  0,                  true  },
	[CHAN_CREATED] = { "CREATED", 0,                  0,                  false },
	[CHAN_OK]      = { "OK",      0,                  0,                  false },
};
/* clang-format on */

const char *chan_type_name(uint32_t type)
{
	if (type >= N_ELEMENTS(kinds) || !kinds[type].name)
		return "unknown";
	return kinds[type].name;
}

int chan_send(int chan_fd, enum chan_type type, uint32_t arg, const void *payload,
	      size_t len, int fd)
{
	struct chan_head head = { .type = type, .arg = arg };
	char buf[sizeof(head) + sizeof(struct err)];

	if (len > sizeof(buf) - sizeof(head))
		return -EMSGSIZE;
	memcpy(buf, &head, sizeof(head));
	if (len)
		memcpy(buf + sizeof(head), payload, len);
	return sys_send_fds(chan_fd, buf, sizeof(head) + len, &fd, fd >= 0 ? 1 : 0);
}

static int check_msg(const struct chan_msg *m, struct err *e)
{
	const struct chan_kind *k;

	if (m->type >= N_ELEMENTS(kinds) || !kinds[m->type].name)
		return err_protocol(e, "unknown message type %u on the bootstrap channel",
				    m->type);
	k = &kinds[m->type];
	if (m->len < k->min_len || m->len > k->max_len)
		return err_protocol(e, "message %s with a payload of %zu bytes", k->name,
				    m->len);
	if (k->has_fd && m->fd < 0)
		return err_protocol(e, "message %s without its descriptor", k->name);
	return 0;
}

int chan_recv(int chan_fd, struct chan_msg *ret, struct err *e)
{
	char buf[sizeof(struct chan_head) + sizeof(struct err)];
	struct chan_head head;
	autofd int fd = -EBADF;
	size_t n_fds = 1;
	ssize_t n;
	int r;

	n = sys_recv_fds(chan_fd, buf, sizeof(buf), &fd, &n_fds);
	if (n == -ECONNRESET)
		return 0; /* the peer died with something of ours unread */
	if (n < 0)
		return err_sys(e, (int)n, "recvmsg", "bootstrap channel");
	if (n == 0)
		return 0;
	if ((size_t)n < sizeof(head))
		return err_protocol(e, "message of %zd bytes on the bootstrap channel",
				    n);

	memcpy(&head, buf, sizeof(head));
	memset(ret, 0, sizeof(*ret));
	ret->type = head.type;
	ret->arg = head.arg;
	ret->len = (size_t)n - sizeof(head);
	ret->fd = fd;
	r = check_msg(ret, e);
	if (r < 0) {
		ret->fd = -EBADF;
		return r;
	}
	memcpy(&ret->err, buf + sizeof(head), ret->len);
	if (ret->type == CHAN_ERROR)
		err_sanitize(&ret->err);
	ret->fd = take_fd(&fd);
	return 1;
}

int chan_ask(int chan_fd, enum chan_type type, uint32_t arg, int fd, int *ret_fd,
	     struct err *e)
{
	struct chan_msg m = { .fd = -EBADF };
	autofd int got_fd = -EBADF;
	int r;

	r = chan_send(chan_fd, type, arg, NULL, 0, fd);
	if (r < 0)
		return err_sys(e, r, "sendmsg", chan_type_name(type));
	r = chan_recv(chan_fd, &m, e);
	if (r < 0)
		return r;
	if (r == 0)
		return err_protocol(e, "the host went away while %s was asked",
				    chan_type_name(type));
	got_fd = m.fd;
	if (m.type == CHAN_ERROR) {
		if (e)
			*e = m.err;
		return -m.err.code;
	}
	if (m.type != CHAN_OK)
		return err_protocol(e, "%s was answered by %s", chan_type_name(type),
				    chan_type_name(m.type));
	if (!ret_fd != (got_fd < 0))
		return err_protocol(e, "answer to %s with the wrong descriptors",
				    chan_type_name(type));
	if (ret_fd)
		*ret_fd = take_fd(&got_fd);
	return 0;
}
