"""The roadmap's own text, read from `content/` into dataclasses and checked.

Texts lie in `content/<language>/<number>-<name>.toml`, one file a phase. Bokmål is whole; another
language may have some of the phases, and the rest falls back. `problems()` finds every fault with file
and line, and `manage.py check` stops on them.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CONTENT = Path(__file__).resolve().parent / "content"
FALLBACK = "nb"
ORIGINS = ("roadmap", "public", "proposal")
KINDS = ("roadmap", "public")
PHASE_KEYS = ("anchoring", "insight", "development", "pilot", "transition", "practice")
LONGEST = {
    "text": 300,
    "good_enough": 300,
    "tip": 400,
    "remark": 200,
    "name": 120,
    "purpose": 300,
    "question": 300,
}


@dataclass(frozen=True)
class Source:
    """Where a step or a checkpoint comes from. `kind`: roadmap (KS' roadmap) or public."""

    code: str
    title: str
    publisher: str
    kind: str
    url: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """One question of the checklist. `origin`: roadmap, public or proposal (ours, with what it builds on)."""

    key: str
    text: str
    good_enough: str
    tip: str
    origin: str
    sources: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True)
class Step:
    key: str
    name: str
    tools: tuple[str, ...]
    origin: str
    sources: tuple[str, ...]
    checkpoints: tuple[Checkpoint, ...]


@dataclass(frozen=True)
class Gate:
    question: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Phase:
    number: int
    key: str
    name: str
    purpose: str
    tools: tuple[str, ...]
    deliverables: tuple[str, ...]
    gate: Gate
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Roadmap:
    """All six phases in one language."""

    version: str
    language: str
    phases: tuple[Phase, ...]


@dataclass
class ContentError(Exception):
    """A fault in the content, with the file (relative to the content's folder) and the line."""

    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


@lru_cache
def load(language: str = FALLBACK) -> Roadmap:
    """Return the roadmap in a language, with bokmål for the phases the language lacks.

    Raises ContentError at the first fault.
    """
    for problem in problems():
        raise problem
    general = tomllib.loads((CONTENT / "roadmap.toml").read_text())
    found = {phase.number: phase for phase in phases_of(CONTENT, FALLBACK)}
    if language != FALLBACK:
        found |= {phase.number: phase for phase in phases_of(CONTENT, language)}
    return Roadmap(general["version"], language, tuple(found[number] for number in sorted(found)))


@lru_cache
def sources() -> dict[str, Source]:
    """Return code → source."""
    return read_sources(CONTENT)


def read_sources(directory: Path) -> dict[str, Source]:
    tables = tomllib.loads((directory / "sources.toml").read_text())
    return {code: Source(code=code, **table) for code, table in tables.items()}


def phases_of(directory: Path, language: str) -> list[Phase]:
    return [build(tomllib.loads(path.read_text())) for path in files(directory, language)]


def files(directory: Path, language: str) -> list[Path]:
    return sorted((directory / language).glob("*.toml"))


def build(table: dict) -> Phase:
    """Make a phase from a table that has been checked."""
    return Phase(
        number=table["number"],
        key=table["key"],
        name=table["name"],
        purpose=table["purpose"],
        tools=tuple(table["tools"]),
        deliverables=tuple(table["deliverables"]),
        gate=Gate(table["gate"]["question"], tuple(table["gate"]["sources"])),
        steps=tuple(
            Step(
                key=step["key"],
                name=step["name"],
                tools=tuple(step["tools"]),
                origin=step["origin"],
                sources=tuple(step["sources"]),
                checkpoints=tuple(
                    Checkpoint(**{**checkpoint, "sources": tuple(checkpoint["sources"])})
                    for checkpoint in step["checkpoints"]
                ),
            )
            for step in table["steps"]
        ),
    )


# ------------------------------------------------------------------ checking

FIELDS = {
    "phase": {
        "number": int,
        "key": str,
        "name": str,
        "purpose": str,
        "tools": list,
        "deliverables": list,
        "gate": dict,
        "steps": list,
    },
    "gate": {"question": str, "sources": list},
    "step": {
        "key": str,
        "name": str,
        "tools": list,
        "origin": str,
        "sources": list,
        "checkpoints": list,
    },
    "checkpoint": {
        "key": str,
        "text": str,
        "good_enough": str,
        "tip": str,
        "origin": str,
        "sources": list,
        "remark": str,
    },
}
OPTIONAL = {"remark"}


def problems(directory: Path = CONTENT) -> list[ContentError]:
    """Return every fault of the content, in the order of files and lines."""
    general, faults = parse(directory, directory / "roadmap.toml")
    tables, source_faults = parse(directory, directory / "sources.toml")
    faults += source_faults
    if faults:
        return faults
    if not isinstance(general.get("version"), str) or not isinstance(general.get("languages"), list):
        return [ContentError("roadmap.toml", 1, "version (text) and languages (list) are required")]
    source_text = (directory / "sources.toml").read_text()
    for code, table in tables.items():
        if not {"title", "publisher", "kind"} <= set(table) <= {"title", "publisher", "kind", "url"}:
            faults.append(
                ContentError(
                    "sources.toml",
                    line_of(source_text, rf"^\[{code}\]"),
                    f"{code}: title, publisher and kind are required, url may stand beside",
                )
            )
        elif table["kind"] not in KINDS:
            line = line_of(source_text, rf"^\[{code}\]")
            faults.append(ContentError("sources.toml", line, f"{code}: kind is one of {', '.join(KINDS)}"))
    keys: dict[str, dict[int, list]] = {}
    for language in general["languages"]:
        keys[language] = {}
        for path in files(directory, language):
            table, found = parse(directory, path)
            if not found:
                found = list(PhaseCheck(path, directory, table, set(tables)).faults())
            faults += found
            if not found:
                keys[language][table["number"]] = all_keys(table)
    faults += missing_phases(keys.get(FALLBACK, {}))
    faults += different_keys(keys)
    return faults


def parse(directory: Path, path: Path) -> tuple[dict, list[ContentError]]:
    """Read a TOML file; a fault in its grammar is given with its line."""
    name = path.relative_to(directory).as_posix()
    try:
        return tomllib.loads(path.read_text()), []
    except FileNotFoundError:
        return {}, [ContentError(name, 1, "the file is missing")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        match = re.search(r"line (\d+)", str(error))
        return {}, [ContentError(name, int(match[1]) if match else 1, str(error))]


def line_of(text: str, pattern: str) -> int:
    """Return the first line where the pattern stands, else 1."""
    match = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def all_keys(table: dict) -> list[str]:
    return [c["key"] for step in table["steps"] for c in step["checkpoints"]] + [
        s["key"] for s in table["steps"]
    ]


def missing_phases(found: dict) -> list[ContentError]:
    return [
        ContentError(FALLBACK, 1, f"phase {number} is missing")
        for number in range(1, 7)
        if number not in found
    ]


def different_keys(keys: dict) -> list[ContentError]:
    """Another language must have the very keys of bokmål in the phases it has."""
    faults = []
    for language, phases in keys.items():
        for number, found in phases.items():
            expected = keys.get(FALLBACK, {}).get(number)
            if expected is not None and set(found) != set(expected):
                differing = ", ".join(sorted(set(found) ^ set(expected)))
                faults.append(
                    ContentError(language, 1, f"phase {number} has other keys than {FALLBACK}: {differing}")
                )
    return faults


class PhaseCheck:
    """The check of one phase's file."""

    def __init__(self, path: Path, directory: Path, table: dict, known_sources: set[str]):
        self.name = path.relative_to(directory).as_posix()
        self.text = path.read_text()
        self.table = table
        self.known_sources = known_sources
        self.seen: set[str] = set()

    def fault(self, message: str, key: str = "") -> ContentError:
        pattern = rf'^key = "{re.escape(key)}"' if key else r"^\w"
        return ContentError(self.name, line_of(self.text, pattern), f"{key}: {message}" if key else message)

    def faults(self) -> Iterator[ContentError]:
        phase = self.table
        shape = list(self.shape("phase", phase))
        yield from shape
        if shape:
            return
        number = phase["number"]
        if not 1 <= number <= 6 or phase["key"] != PHASE_KEYS[number - 1]:
            yield self.fault(f"phase {number} has the key {phase['key']!r}", phase["key"])
            return
        yield from self.shape("gate", phase["gate"])
        yield from self.origins(phase["gate"], "")
        for position, step in enumerate(phase["steps"], 1):
            yield from self.step(step, f"{number}.{position}")

    def step(self, step: dict, expected: str) -> Iterator[ContentError]:
        key = str(step.get("key", ""))
        shape = list(self.shape("step", step, key))
        yield from shape
        if shape:
            return
        yield from self.key(key, expected)
        yield from self.origins(step, key)
        for letter, checkpoint in zip("abcdefghijklmnopqrstuvwxyz", step["checkpoints"], strict=False):
            own = str(checkpoint.get("key", ""))
            faults = list(self.shape("checkpoint", checkpoint, own))
            yield from faults
            if not faults:
                yield from self.key(own, f"{expected}{letter}")
                yield from self.origins(checkpoint, own)

    def key(self, key: str, expected: str) -> Iterator[ContentError]:
        if key in self.seen:
            yield self.fault("the key stands twice", key)
        elif key != expected:
            yield self.fault(f"{expected} was expected here", key)
        self.seen.add(key)

    def shape(self, kind: str, table: dict, key: str = "") -> Iterator[ContentError]:
        fields = FIELDS[kind]
        for name in table.keys() - fields.keys():
            yield self.fault(f"{name} is no field of a {kind}", key)
        for name, type_ in fields.items():
            if name not in table:
                if name not in OPTIONAL:
                    yield self.fault(f"{name} is missing", key)
            elif not isinstance(table[name], type_):
                yield self.fault(f"{name} must be {type_.__name__}", key)
            elif type_ is str and not table[name].strip():
                yield self.fault(f"{name} is empty", key)
            elif type_ is str and len(table[name]) > LONGEST.get(name, 1000):
                yield self.fault(f"{name} is longer than {LONGEST[name]} characters", key)

    def origins(self, table: dict, key: str) -> Iterator[ContentError]:
        if "origin" in table and table["origin"] not in ORIGINS:
            yield self.fault(f"origin is one of {', '.join(ORIGINS)}", key)
        for code in table.get("sources", []):
            if code not in self.known_sources:
                yield self.fault(f"{code} is not in sources.toml", key)
