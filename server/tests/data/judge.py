"""What others read of tables: a line of JSON for each sheet of every table below a directory.

usage: judge.py DIRECTORY WHEELS...   (WHEELS: openpyxl and what it needs)
"""

import csv
import datetime
import json
import pathlib
import re
import sys

sys.path[:0] = sys.argv[2:]
import openpyxl  # noqa: E402

csv.field_size_limit(1 << 30)


def text_of(path):
    data = path.read_bytes()
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1252")


def delimited(path):
    text = text_of(path)
    # Of the first line that is no title, what stands in quotes apart.
    plain = [line for line in re.sub(r'"[^"]*"', "", text).splitlines() if line.strip()]
    counts = {mark: plain[0].count(mark) if plain else 0 for mark in ",;\t|"}
    mark = max(counts, key=counts.get) if any(counts.values()) else ","
    # A list, so that line ends are the reader's to find: CR alone too.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
    yield None, [[{"t": cell} for cell in row] for row in csv.reader(lines, delimiter=mark)]


def cell_of(value):
    if value is None:
        return {"t": ""}
    if isinstance(value, bool):
        return {"b": value}
    if isinstance(value, (int, float)):
        return {"n": repr(value)}
    if isinstance(value, datetime.datetime):
        return {"d": value.isoformat(sep=" ")}
    if isinstance(value, (datetime.date, datetime.time)):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"d": str(value)}
    return {"t": str(value)}


def workbook(path):
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except KeyError:
        # A drawing is missing, which the cells do not need.
        book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    for sheet in book.worksheets:
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()
        yield sheet.title, [[cell_of(cell) for cell in row] for row in sheet.iter_rows(values_only=True, min_row=1, min_col=1)]


for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    kind = {".csv": delimited, ".tsv": delimited, ".xlsx": workbook}.get(path.suffix.lower())
    if not kind:
        continue
    try:
        for sheet, rows in kind(path):
            print(json.dumps({"file": str(path), "sheet": sheet, "rows": rows}))
    except Exception as error:
        print(json.dumps({"file": str(path), "refused": repr(error)}))
