"""Which address is answered by which handler."""

from typing import Any

from marketbook.app.server import assets, drafts, files, signin
from marketbook.app.server.data import routes as data
from marketbook.app.server.handler import NotFoundHandler
from marketbook.app.server.home import home
from marketbook.app.server.live import handlers as kernel_handlers
from marketbook.app.server.reports import computed, publish, report, rows, runs

KERNEL = r"(?P<kernel_id>[0-9a-f-]{36})"
NAME = r"(?P<name>[A-Za-z0-9_./-]+?)"
RUN = r"(?P<run>[0-9A-Za-z_-]+)"


def routes() -> list[tuple[Any, ...]]:
    """Return the routes of the server."""
    return [
        (r"/", home.HomeHandler),
        (r"/today", home.TodayHandler),
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
        (r"/records/(?P<record>\d{1,9})/files/(?P<attachment>\d{1,9})", files.RecordFileHandler),
        (r"/drafts", drafts.DraftsHandler),
        *data.routes(),
        (rf"/api/kernels/{KERNEL}", kernel_handlers.KernelHandler),
        (rf"/api/kernels/{KERNEL}/channels", kernel_handlers.ChannelsHandler),
        (rf"/voila/api/shutdown/{KERNEL}", kernel_handlers.ShutdownHandler),
        (r"/assets/(?P<name>[a-z0-9.-]+)", assets.AssetHandler),
        (r".*", NotFoundHandler),
    ]
