"""What a kernel loads for reports stays light: no drawing or writing library before something is drawn or written."""

import subprocess
import sys

HEAVY = ("altair", "vl_convert", "jinja2", "mistune", "xlsxwriter", "pptx", "openpyxl")


def test_importing_reports_loads_no_heavy_library() -> None:
    code = "import sys, marketbook.kit.report, marketbook.kit.report.export as e; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "marketbook.kit.report.draw" in loaded
    assert not set(HEAVY) & set(loaded)


def test_importing_reports_starts_no_thread() -> None:
    """Only pandas' own allocator thread may stand beside the main one when kernels are forked."""
    code = (
        "import os, pandas; before = len(os.listdir('/proc/self/task')); import marketbook.kit.report; "
        "print(len(os.listdir('/proc/self/task')) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
