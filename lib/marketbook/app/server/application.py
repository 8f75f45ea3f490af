"""The application: stand-alone Voilà with our own identity, kernels, routes and way of listening."""

import asyncio
import logging
import shutil
import tempfile
from typing import Any

import tornado.web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila

from marketbook.app import kernel
from marketbook.app.server import shelf
from marketbook.app.server.assets import asset
from marketbook.app.server.daily import Daily
from marketbook.app.server.guard import Application
from marketbook.app.server.identity import Identity, Owners
from marketbook.app.server.listening import Listening
from marketbook.app.server.live.channels import Channels
from marketbook.app.server.live.kernels import LiveKernels
from marketbook.app.server.live.messages import LARGEST_MESSAGE
from marketbook.app.server.notifying import Notifying
from marketbook.app.server.often import Often
from marketbook.app.server.routes import routes
from marketbook.kit.config import settings
from marketbook.kit.errors import ConfigError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import types
from marketbook.kit.store import Store

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of the largest request: a draft. Uploads, which are not kept in memory, set their own."""

QUIET_SECONDS = 120.0
"""How long a connection may take to send a request's head."""

BODY_SECONDS = 1800.0
"""How long a request's body may take."""


class Apps(Voila):
    """The server of our pages."""

    name = "marketbook"

    def serve(self, listening: Listening, *, tell: Any) -> None:  # noqa: ANN401  # told the address
        """Serve until ended.

        Args:
            listening: Where.
            tell: Called with the address once pages are to be had.
        """
        self.initialize(["--no-browser"])
        self.log.setLevel(logging.WARNING)
        asyncio.run(self._serve(listening, tell))

    async def _serve(self, listening: Listening, tell: Any) -> None:  # noqa: ANN401  # told the address
        self.ioloop = IOLoop.current()
        self.make_application()
        server = HTTPServer(
            self.app, ssl_options=listening.tls(), max_body_size=LARGEST_BODY, body_timeout=BODY_SECONDS,
            idle_connection_timeout=QUIET_SECONDS,
        )  # fmt: skip
        self._listen(server, listening)
        port = next(iter(server._sockets.values())).getsockname()[1]  # noqa: SLF001  # tornado has no other way
        tell(listening.url(port))
        self._ended = asyncio.Event()
        try:
            await self._ended.wait()
        finally:
            server.stop()
            await self.kernel_manager.shutdown_all(now=True)
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    def _listen(self, server: HTTPServer, listening: Listening) -> None:
        try:
            server.listen(listening.port, listening.address)
        except OSError as error:
            raise ConfigError(
                _("{address}:{port}: cannot listen there: {problem}").format(
                    address=listening.address, port=listening.port, problem=error.strerror
                )
            ) from None

    def _handle_signal_stop(self, _signal: int, _frame: Any) -> None:  # noqa: ANN401  # as its base
        self.ioloop.add_callback_from_signal(self._ended.set)

    def make_application(self) -> None:
        """Make the tornado application, its kernels ready to start."""
        self.connection_dir = tempfile.mkdtemp(prefix="marketbook-kernels-")
        self.update_config(Config(KernelManager={"autorestart": False}))  # a page's state is gone with its kernel
        self.identity_provider_class, self.authorizer_class = Identity, Owners
        self.voila_configuration.multi_kernel_manager_class = LiveKernels
        self.voila_configuration.show_tracebacks = False
        self.token = ""
        self.app = Application(**self.init_settings())
        self.app.add_handlers(".*$", self.init_handlers())
        self.kernel_manager.watch(self.app.settings["store"])
        self.daily = Daily(self.app.settings["store"])
        self.daily.start()
        self.notifying = Notifying(self.app.settings["store"])
        self.notifying.start()
        types.load()
        self.often = Often(self.app.settings["store"])
        self.often.start()
        shelf.reports()

    def init_settings(self) -> dict[str, Any]:
        """Return Voilà's settings and ours; no address may choose a template or a theme."""
        found: dict[str, Any] = super().init_settings()
        store = Store(settings().store)
        found |= {
            "store": store, "asset": asset, "xsrf_cookies": True, "login_url": "/sign-in",
            "allow_unauthenticated_access": False,
            "static_handler_class": tornado.web.StaticFileHandler,
            "websocket_ping_interval": 20, "websocket_ping_timeout": 20,
            "websocket_max_message_size": LARGEST_MESSAGE, "kernel_websocket_connection_class": Channels,
        }  # fmt: skip
        return found

    def init_handlers(self) -> list[Any]:
        """Return our routes in place of Voilà's."""
        return routes()

    def load_config_file(self, *_given: Any, **_more: Any) -> None:  # noqa: ANN401  # as its base
        """Leave Jupyter's own settings alone: none of them decides here who may do what."""


def serve(listening: Listening, tell: Any) -> None:  # noqa: ANN401  # told the address
    """Serve the workspace's pages until ended.

    Raises:
        ConfigError: A setting is wrong.
    """
    kernel.keep_secrets()
    kernel.warm_up()
    app = Apps()
    app.root_dir = str(settings().notebooks)
    app.serve(listening, tell=tell)
