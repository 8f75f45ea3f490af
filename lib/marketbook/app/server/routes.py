"""Which address is answered by which handler."""

from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from voila.static_file_handler import MultiStaticFileHandler

from marketbook.app.server import (
    assets,
    computed,
    data,
    drafts,
    home,
    kernel_handlers,
    publish,
    report,
    rows,
    runs,
    signin,
)
from marketbook.app.server.handler import NotFoundHandler

KERNEL = r"(?P<kernel_id>[0-9a-f-]{36})"
NAME = r"(?P<name>[A-Za-z0-9_./-]+?)"
RUN = r"(?P<run>[0-9A-Za-z_-]+)"


def routes(*, static: list[str], labextensions: list[str]) -> list[tuple[Any, ...]]:
    """Return the routes of the server.

    Args:
        static: Folders of the front end's scripts.
        labextensions: Folders of the widgets' scripts.
    """
    return [
        (r"/", home.HomeHandler),
        (r"/sign-in", signin.SignInHandler),
        (r"/sign-out", signin.SignOutHandler),
        (r"/password", signin.PasswordHandler),
        (r"/language", signin.LanguageHandler),
        (rf"/reports/{NAME}/runs/{RUN}/(?P<file>[a-z.]+)", runs.RunFileHandler),
        (rf"/reports/{NAME}/runs/{RUN}/?", report.RunHandler),
        (rf"/reports/{NAME}/computed/(?P<kept>[0-9A-Za-z_-]+)/(?P<file>[a-z.]+)", computed.ComputedHandler),
        (rf"/reports/{NAME}/publish", publish.PublishHandler),
        (rf"/reports/{NAME}", report.ReportHandler),
        (r"/rows/(?P<dataset>\w+)\.(?P<kind>csv|xlsx)", rows.RowsFileHandler),
        (r"/rows/(?P<dataset>\w+)", rows.RowsHandler),
        (rf"/screens/{NAME}", report.ScreenHandler),
        (r"/drafts", drafts.DraftsHandler),
        *data.routes(),
        (rf"/api/kernels/{KERNEL}", kernel_handlers.KernelHandler),
        (rf"/api/kernels/{KERNEL}/channels", kernel_handlers.ChannelsHandler),
        (rf"/voila/api/shutdown/{KERNEL}", kernel_handlers.ShutdownHandler),
        (r"/assets/(?P<name>[a-z0-9.-]+)", assets.AssetHandler),
        (r"/voila/static/(.*)", MultiStaticFileHandler, {"paths": static, "default_filename": "index.html"}),
        (r"/voila/labextensions/(.*)", FileFindHandler, {"path": labextensions, "no_cache_paths": []}),
        (r".*", NotFoundHandler),
    ]
