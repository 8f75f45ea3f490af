"""What a forked process does to become a kernel: it hears what was asked for, puts that on, and runs."""

import os
import random
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from marketbook.app.kernels import drawing, line
from marketbook.app.kernels.prepared import connect, connection_file


def become_kernel(connection: socket.socket, application: Any, drawing_at: str) -> None:  # noqa: ANN401  # ipykernel's
    """Hear what is asked for, put it on, answer with our number, and run the kernel until it ends."""
    with connection:
        wanted = line.hear(connection)
        if wanted is None:
            return
        try:
            file = connection_file(wanted["arguments"])
            if file is None:
                raise OSError(f"unknown arguments: {' '.join(wanted['arguments'])}")
            put_on(wanted)
        except OSError as error:
            line.say(connection, {"problem": f"{error}."})
            return
        line.say(connection, {"pid": os.getpid()})
    sys.argv = ["ipykernel_launcher", *wanted["arguments"]]
    sys.path[0] = ""
    drawing.lend(drawing_at)
    connect(application, file)
    application.start()


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
    tempfile.tempdir = None
    config.settings.cache_clear()
    if wanted["visitor"] is not None:
        visitor.receive(wanted["visitor"])
