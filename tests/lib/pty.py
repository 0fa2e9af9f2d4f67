#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""pty.py [STEP...] -- COMMAND [ARG...]: be the terminal of a program.

COMMAND gets a new pseudo terminal as its controlling terminal; what it writes there is
copied to our stdout. The exit status is COMMAND's (128 + N after signal N), 98 when an
expected text did not come, 97 when the terminal was not restored, 96 for a bad console
message.

Steps, in order:
  --size ROWSxCOLS  set the terminal's size; before COMMAND starts if it stands first
  --expect REGEX    wait until the output since the last --expect matches
  --send TEXT       type TEXT; \\r and the like are understood
  --run COMMAND     run a shell command, its output is ours
  --hangup          close our side
Options:
  --console SOCKET  COMMAND gets no terminal, but is to send us one: listen on SOCKET
  --restored        at the end the terminal must have the settings it began with
  --raw             at the time of the last step the terminal must be raw
  --time SECONDS    limit, default 15
"""
import codecs
import fcntl
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time


class Failed(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Terminal:
    """The master side, and all that has been read from it."""

    def __init__(self, fd, limit):
        self.fd = fd
        self.seen = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.end = time.monotonic() + limit

    def read(self):
        """Read what there is; False at the end of the output."""
        left = self.end - time.monotonic()
        if left <= 0 or not select.select([self.fd], [], [], min(left, 0.2))[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO: nobody has the other side open
            return False
        if not data:
            return False
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        self.seen += self.decoder.decode(data)
        return True

    def expect(self, pattern):
        while True:
            match = re.search(pattern, self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return
            if time.monotonic() > self.end or not self.read():
                # What came with the end counts too.
                if re.search(pattern, self.seen):
                    continue
                raise Failed(98, "no %r in %r" % (pattern, self.seen))

    def resize(self, size):
        rows, columns = (int(n) for n in size.split("x"))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def parse(args):
    options = {"time": "15"}
    steps = []
    while args and args[0] != "--":
        name = args.pop(0).removeprefix("--")
        if name in ("expect", "send", "size", "run"):
            steps.append((name, args.pop(0)))
        elif name == "hangup":
            steps.append((name, None))
        elif name in ("console", "time"):
            options[name] = args.pop(0)
        elif name in ("restored", "raw"):
            options[name] = True
        else:
            sys.exit("pty.py: unknown step " + name)
    return options, steps, args[1:]


def spawn_on(slave, command):
    """Start the command with the terminal as its controlling one."""
    def controlling():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    return subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave,
                            preexec_fn=controlling)


def receive(listener, process, limit):
    """The one descriptor that the runtime sends, with a name."""
    listener.settimeout(0.1)
    end = time.monotonic() + limit
    while True:
        try:
            connection, _ = listener.accept()
            break
        except TimeoutError:
            if process.poll() is not None or time.monotonic() > end:
                return None
    connection.settimeout(limit)
    name, fds, flags, _ = socket.recv_fds(connection, 8192, 8)
    if len(fds) != 1 or not 0 < len(name) < 4096 or flags & socket.MSG_CTRUNC:
        raise Failed(96, "console message with %d descriptors, name %r" % (len(fds), name))
    if not os.isatty(fds[0]):
        raise Failed(96, "the console is no terminal")
    if connection.recv(1):
        raise Failed(96, "more than one console message")
    return fds[0]


def run_steps(terminal, steps):
    for name, value in steps:
        if name == "expect":
            terminal.expect(value)
        elif name == "send":
            os.write(terminal.fd, codecs.decode(value, "unicode_escape").encode())
        elif name == "size":
            terminal.resize(value)
        elif name == "run":
            sys.stdout.flush()
            subprocess.run(["sh", "-c", value], check=False, stdin=subprocess.DEVNULL)
        elif name == "hangup":
            os.close(terminal.fd)
            terminal.fd = -1


def wait(process, terminal):
    """Wait for the command, and copy what is written meanwhile and after."""
    more = terminal.fd >= 0
    while process.poll() is None:
        if time.monotonic() > terminal.end:
            process.send_signal(signal.SIGKILL)
            raise Failed(98, "the command does not end")
        if more:
            more = terminal.read()
        else:
            time.sleep(0.01)
    return process.returncode


def main():
    options, steps, command = parse(sys.argv[1:])
    limit = float(options["time"])
    if "console" in options:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(options["console"])
        listener.listen(1)
        process = subprocess.Popen(command)
        master = receive(listener, process, limit)
        slave = -1
        if master is None:
            return process.wait()
        terminal = Terminal(master, limit)
        # create and run --detach return; until then nothing can be started.
        process.wait(limit)
    else:
        master, slave = os.openpty()
        os.set_inheritable(slave, False)
        terminal = Terminal(master, limit)
        if steps and steps[0][0] == "size":
            terminal.resize(steps.pop(0)[1])
        before = termios.tcgetattr(slave)
        process = spawn_on(slave, command)
    run_steps(terminal, steps)
    if "raw" in options:
        state = termios.tcgetattr(slave)
        if state[3] & (termios.ICANON | termios.ECHO | termios.ISIG):
            raise Failed(97, "the terminal is not raw")
    if slave >= 0 and "restored" not in options:
        os.close(slave)
        slave = -1
    status = wait(process, terminal)
    if "restored" in options and termios.tcgetattr(slave) != before:
        raise Failed(97, "the terminal is not as it was")
    if slave >= 0:
        os.close(slave)
    # After the end: what is still in the terminal. Not for ever: a container may go on.
    while terminal.fd >= 0 and "console" not in options and select.select(
            [terminal.fd], [], [], 0)[0] and terminal.read():
        pass
    return status if status >= 0 else 128 - status


try:
    sys.exit(main())
except Failed as failure:
    print("pty.py: %s" % failure, file=sys.stderr)
    sys.exit(failure.status)
