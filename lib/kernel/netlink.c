/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netlink.c - rtnetlink(7) requests; see netlink.h.
 *
 * One request, one acknowledgement, on a socket of its own: nothing is cached and
 * no descriptor outlives the call.
 */
#include "kernel/netlink.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "base/file.h"
#include "kernel/ret.h"

/* The loopback is the first device of every network namespace. */
#define LOOPBACK_INDEX 1

struct link_request {
	struct nlmsghdr header;
	struct ifinfomsg link;
};

struct ack {
	struct nlmsghdr header;
	struct nlmsgerr error;
	char rest[256]; /* the kernel quotes the request and may add attributes */
};

static int talk(const struct link_request *request)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct ack ack;
	long n;
	autofd int fd =
		ret_errno(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));

	if (fd < 0)
		return fd;
	n = RESTART(sendto(fd, request, sizeof(*request), 0,
			   (const struct sockaddr *)&kernel, sizeof(kernel)));
	if (n < 0)
		return -errno;
	n = RESTART(recv(fd, &ack, sizeof(ack), 0));
	if (n < 0)
		return -errno;
	if ((size_t)n < offsetof(struct ack, rest) ||
	    ack.header.nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return ack.error.error; /* 0 or a negative errno */
}

int sys_loopback_up(void)
{
	const struct link_request request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = RTM_NEWLINK,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			    .nlmsg_seq = 1 },
		.link = { .ifi_family = AF_UNSPEC,
			  .ifi_index = LOOPBACK_INDEX,
			  .ifi_flags = IFF_UP,
			  .ifi_change = IFF_UP },
	};

	return talk(&request);
}
