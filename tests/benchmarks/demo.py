"""Time and memory of making the demo company, in a process of its own, start and imports included.

`demo.py` runs it; `demo.py FOLDER` is the measured child. BENCH_SIZE sets the company's size.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZE = float(os.environ.get("BENCH_SIZE", "1"))
SECONDS, PEAK_MB = 20.0, 1024.0


def make_one(folder: str) -> None:
    import pyarrow.parquet as pq

    from marketbook.demo import make
    from marketbook.kit.facts import Facts

    start = time.perf_counter()
    make(Facts(Path(folder)), size=SIZE)
    rows = {file.stem: pq.read_metadata(file).num_rows for file in sorted(Path(folder).glob("*.parquet"))}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"make_seconds": time.perf_counter() - start, "peak_mb": peak, "rows": rows}))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = [sys.executable, __file__, folder]
        child = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        seconds = time.perf_counter() - start
    for name, rows in child["rows"].items():
        print(f"{name:22} {rows:>9,} rows")
    figures = {
        "size": SIZE,
        "seconds": round(seconds, 2),
        "make_seconds": round(child["make_seconds"], 2),
        "peak_mb": round(child["peak_mb"], 1),
        "rows": sum(child["rows"].values()),
        "within_bounds": seconds < SECONDS and child["peak_mb"] < PEAK_MB,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    make_one(sys.argv[1]) if len(sys.argv) > 1 else main()
