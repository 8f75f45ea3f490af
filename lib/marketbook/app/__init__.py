"""The application above the domains: catalogue, runner, history, schedule and command line."""

import sys

# jsonschema compiles 39 grammars (1 s) where it finds this, to check addresses in schemas, of which we have none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None keeps a module from being imported
