"""Time and memory of importing transactions, beside pandas with a pydantic model row by row, on the same files.

`import_rows.py` runs all; `import_rows.py SIDE FILE` is one measured child. Each side runs in a process of its own.
"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
SHEET_ROWS = ROWS // 5
CATEGORIES = ("护肤", "彩妆", "食品", "家居", "母婴", "服饰")
CHANNELS = ("天猫", "京东", "抖音", "小程序", "门店")


def rows(count: int) -> list[tuple[object, ...]]:
    chance = random.Random(7)
    start = datetime(2023, 1, 1)  # noqa: DTZ001  # local to the company
    return [
        (
            f"T{number:08d}",
            f"C{chance.randrange(120_000):06d}",
            start + timedelta(seconds=chance.randrange(94_000_000)),
            chance.choice(CATEGORIES),
            chance.choice(CHANNELS),
            chance.randrange(1, 6),
            chance.randrange(990, 99_900),
        )
        for number in range(count)
    ]


def write_files(folder: Path) -> tuple[Path, Path]:
    import xlsxwriter

    from marketbook.segmentation.data import TRANSACTIONS

    text, sheet = folder / "transactions.csv", folder / "transactions.xlsx"
    made = rows(ROWS)
    with text.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(TRANSACTIONS.columns)
        writer.writerows(made)
    book = xlsxwriter.Workbook(sheet, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    page = book.add_worksheet()
    page.write_row(0, 0, TRANSACTIONS.columns)
    for number, row in enumerate(made[:SHEET_ROWS], 1):
        page.write_row(number, 0, row)
    book.close()
    return text, sheet


def marketbook_side(file: Path, facts: Path) -> int:
    from marketbook.kit.facts import Facts, import_file
    from marketbook.segmentation.data import TRANSACTIONS

    return import_file(Facts(facts), TRANSACTIONS, file).added


def pandas_pydantic_side(file: Path, facts: Path) -> int:
    """What is usually written: read all as text, one model a row, a frame of the good ones, Parquet."""
    import pandas as pd
    from pydantic import ValidationError

    from marketbook.segmentation.data import Transaction

    frame = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    good, bad = [], []
    for number, record in enumerate(frame.to_dict("records"), 2):
        try:
            good.append(Transaction.model_validate(record).model_dump())
        except ValidationError as error:
            bad.append((number, str(error)))
    facts.mkdir(parents=True, exist_ok=True)
    found = pd.DataFrame(good).drop_duplicates("transaction_id")
    found.to_parquet(facts / "transactions.parquet")
    return len(found)


SIDES = {"marketbook": marketbook_side, "pandas_pydantic": pandas_pydantic_side}


def measured(side: str, file: Path, facts: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, side, str(file), str(facts)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{side:16} {file.name:18} {found['rows']:>9,.0f} rows {found['seconds']:7.2f} s {found['peak_mb']:7.0f} MB")
    return found


def child(side: str, file: Path, facts: Path) -> None:
    start, busy = time.perf_counter(), time.process_time()
    count = SIDES[side](file, facts)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": count, "seconds": seconds, "cpu_seconds": busy, "peak_mb": peak}))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text, sheet = write_files(folder)
        once = measured("marketbook", text, folder / "facts")
        again = measured("marketbook", text, folder / "facts")
        book = measured("marketbook", sheet, folder / "sheet")
        peer = measured("pandas_pydantic", text, folder / "peer")
    figures = {
        "rows": once["rows"],
        "seconds": round(once["seconds"], 2),
        "cpu_seconds": round(once["cpu_seconds"], 2),
        "peak_mb": round(once["peak_mb"]),
        "rows_per_second": round(once["rows"] / once["seconds"]),
        "seconds_again": round(again["seconds"], 2),
        "peak_mb_again": round(again["peak_mb"]),
        "xlsx_rows": book["rows"],
        "xlsx_seconds": round(book["seconds"], 2),
        "xlsx_peak_mb": round(book["peak_mb"]),
        "pandas_pydantic_seconds": round(peer["seconds"], 2),
        "pandas_pydantic_cpu_seconds": round(peer["cpu_seconds"], 2),
        "pandas_pydantic_peak_mb": round(peer["peak_mb"]),
        "times_faster_pandas_pydantic": round(peer["seconds"] / once["seconds"], 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
