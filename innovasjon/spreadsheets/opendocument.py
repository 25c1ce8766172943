"""Stream the sheets of an OpenDocument file: odfpy would hold the whole tree in memory."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from defusedxml.ElementTree import iterparse

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_COLUMNS = 100
MOST_REPEATS = 1_000  # of a row that says something; empty rows are counted, not repeated


def sheets_of(file) -> Iterator[tuple[str, Iterator]]:
    """Yield (name, rows) of each sheet; a row is a list of (value, is a formula)."""
    with zipfile.ZipFile(file) as archive:
        with archive.open("content.xml") as content:
            names = [
                element.get(f"{TABLE}name", "")
                for event, element in _events(content)
                if event == "start" and element.tag == f"{TABLE}table"
            ]
        for number, name in enumerate(names):
            with archive.open("content.xml") as content:
                yield name, rows_of(content, number)


def _events(content):
    for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
        yield event, element
        if event == "end" and element.tag == f"{TABLE}table-row":
            element.clear()


def rows_of(content, wanted: int):
    seen, empty = -1, 0
    for event, element in _events(content):
        if element.tag == f"{TABLE}table":
            if event == "start":
                seen += 1
            elif seen == wanted:
                return
        elif event == "end" and seen == wanted and element.tag == f"{TABLE}table-row":
            repeats = int(element.get(f"{TABLE}number-rows-repeated", 1))
            if row := cells_of(element):
                for _ in range(empty):
                    yield []
                empty = 0
                for _ in range(min(repeats, MOST_REPEATS)):
                    yield row
            else:
                empty = min(empty + repeats, 1_048_576)


def cells_of(row) -> list:
    found = []
    for cell in row:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        repeats = int(cell.get(f"{TABLE}number-columns-repeated", 1))
        room = MOST_COLUMNS - len(found)
        found += [(value_of(cell), cell.get(f"{TABLE}formula") is not None)] * min(repeats, room)
    while found and found[-1] == (None, False):
        found.pop()
    return found


def value_of(cell):
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "date":
        text = cell.get(f"{OFFICE}date-value", "")
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    if kind in ("float", "currency", "percentage"):
        number = float(cell.get(f"{OFFICE}value"))
        return int(number) if number.is_integer() else number
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    lines = [text_of(line) for line in cell.findall(f"{TEXT}p")]
    return "\n".join(lines) or None


def text_of(element) -> str:
    text = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            text += " " * int(child.get(f"{TEXT}c", 1))
        elif child.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            text += "\t" if child.tag.endswith("tab") else "\n"
        else:
            text += text_of(child)
        text += child.tail or ""
    return text
