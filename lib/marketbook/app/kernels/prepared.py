"""ipykernel's application in two halves: what needs no thread, socket or event loop is done before the fork, once.

Nobody's own IPython settings, startup files or history belong to these kernels: a report is the same for everyone.
"""

import logging
import os
import sys
import uuid
from collections.abc import Sequence
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

_KNOWN = ("--IPKernelApp.log_level=", "--HistoryManager.hist_file=", "--log-level=")
"""Arguments that change nothing here: a forked kernel is quiet and keeps no history."""


def connection_file(arguments: Sequence[str]) -> str | None:
    """Return the connection file that arguments name; None where they ask for what only a cold kernel can do."""
    if len(arguments) < 2 or arguments[0] != "-f":
        return None
    return arguments[1] if all(argument.startswith(_KNOWN) for argument in arguments[2:]) else None


def prepare(folder: str) -> Any:  # noqa: ANN401  # ipykernel is half typed
    """Make an application with its kernel and shell; what is imported afterwards finds itself in a notebook.

    Args:
        folder: Where IPython may keep what it insists on keeping.
    """
    os.environ |= {"IPYTHONDIR": folder, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}  # a kernel puts on its own
    app: Any = IPKernelApp.instance()
    app.log_level = logging.ERROR
    app.update_config(Config(HistoryManager={"enabled": False}, InteractiveShell={"ipython_dir": folder}))
    app.profile_dir = ProfileDir(location=folder)
    app.init_pdb()
    app.kernel = app.kernel_class.instance(
        parent=app, session=app.session, log=app.log, profile_dir=app.profile_dir, user_ns=app.user_ns
    )
    app.init_path()
    app.init_shell()
    return app


def connect(app: Any, file: str) -> None:  # noqa: ANN401  # as above
    """Open the sockets that a connection file names, start their threads, and hand them to the kernel."""
    app.parent_handle = os.getppid()
    app.connection_file = file
    app.session.pid, app.session.session = os.getpid(), str(uuid.uuid4())
    app.init_crash_handler()
    app.init_connection_file()
    app.init_sockets()
    app.init_heartbeat()
    app.write_connection_file()
    app.log_connection_info()
    app.init_io()
    app.init_signal()
    _hand_over(app, app.kernel)
    app.init_gui_pylab()
    sys.stdout.flush()
    sys.stderr.flush()


def _hand_over(app: Any, kernel: Any) -> None:  # noqa: ANN401  # as above
    """Give the kernel what `init_kernel` would have given it when it was made."""
    kernel.shell_channel_thread, kernel.control_thread = app.shell_channel_thread, app.control_thread
    kernel.shell_stream = ZMQStream(app.shell_socket, app.shell_channel_thread.io_loop)
    kernel.control_stream = ZMQStream(app.control_socket, app.control_thread.io_loop)
    kernel.debugpy_stream = ZMQStream(app.debugpy_socket, app.control_thread.io_loop)
    kernel.debugger.debugpy_client.debugpy_stream = kernel.debugpy_stream
    kernel.debugger.shell_socket = kernel.debug_shell_socket = app.debug_shell_socket
    app.shell_channel_thread.shell_stream = kernel.shell_stream
    app.control_thread.start()
    app.shell_channel_thread.start()
    kernel.iopub_thread, kernel.iopub_socket, kernel.stdin_socket = app.iopub_thread, app.iopub_socket, app.stdin_socket
    kernel._stdout, kernel._stderr = sys.stdout, sys.stderr  # noqa: SLF001  # as ipykernel does
    kernel.ident = str(uuid.uuid4())
    kernel.record_ports({f"{name}_port": port for name, port in app._ports.items()})  # noqa: SLF001
    kernel.shell.displayhook.pub_socket = kernel.shell.display_pub.pub_socket = app.iopub_socket
    kernel.shell.displayhook.topic = kernel._topic("execute_result")  # noqa: SLF001
    app.displayhook.get_execution_count = lambda: kernel.execution_count
