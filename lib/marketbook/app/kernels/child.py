"""What a forked process does to become a kernel: it hears what was asked for, puts that on, and runs."""

import ctypes
import importlib
import os
import random
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

from marketbook.app.kernels import line

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """End, whatever we do, when our parent has ended."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def become_kernel(connection: socket.socket) -> None:
    """Hear what is asked for, put it on, answer with our number, and run the kernel until it ends."""
    with connection:
        wanted = line.hear(connection)
        if wanted is None:
            return
        try:
            put_on(wanted)
        except OSError as error:
            line.say(connection, {"problem": f"{error}."})
            return
        line.say(connection, {"pid": os.getpid()})
    arguments = [*wanted["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}", "--log-level=ERROR"]
    sys.argv = ["ipykernel", *arguments]
    sys.path[0] = ""
    importlib.import_module("ipykernel.kernelapp").launch_new_instance(argv=arguments)


def put_on(wanted: Mapping[str, Any]) -> None:
    """Put on the environment, the folder and the visitor that were asked for, and signals and chance of our own.

    Raises:
        OSError: The folder cannot be entered.
    """
    from marketbook.kit import config, visitor

    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["cwd"])
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    sys.modules["numpy"].random.seed()
    config.settings.cache_clear()
    if wanted["visitor"] is not None:
        visitor.receive(wanted["visitor"])
