"""What every worker needs, done once in the process that workers are forked from, while parameters are checked.

Imported for its effect: an export names the datasets that were read, for which every domain is imported (1 s), and
nbformat compiles its schema at the first notebook.
"""

from contextlib import suppress

import IPython  # noqa: F401  # jupyter_client looks for its folder
from nbformat import validator

import marketbook.app.kernels.provisioner
import marketbook.kit.report.export.html  # noqa: F401
from marketbook.app import catalogue

for minor in range(6):
    validator.get_validator(4, minor)  # type: ignore[no-untyped-call]
with suppress(Exception):  # somebody may be writing a domain just now; the worker that needs it will say so
    catalogue.with_views()
