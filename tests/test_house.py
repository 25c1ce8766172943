"""The plan of the house holds: imports run downward, rows are reached through the door, words are known."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["innovasjon", "roadmap", "stakeholders", "benefits", "reports"]
ROOMS = [room for room in FLOORS if (ROOT / room).is_dir()]
LAYERS = {"views": 4, "actions": 3, "forms": 3, "access": 3, "models": 2}
SLOW = {"weasyprint", "cssselect2", "pptx", "docx", "lxml", "PIL", "openpyxl", "odf", "tablib", "holidays"}


def python_files(*rooms):
    return [
        path
        for room in rooms or ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def imports(path):
    """Yield (line, module, names) of every import in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, []
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "", [alias.name for alias in node.names]


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_downward(path):
    floor = FLOORS.index(path.relative_to(ROOT).parts[0])
    upward = [
        f"line {line}: {module}"
        for line, module, _names in imports(path)
        if module.split(".")[0] in FLOORS[floor + 1 :]
    ]
    assert not upward


PURE = {"innovasjon.access"}  # the table of roles and permissions; knows no model


def layer(module: str) -> int | None:
    if module in PURE:
        return None
    parts = module.split(".")
    return next((LAYERS[part] for part in parts[1:] if part in LAYERS), None)


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_layers_import_downward_within_a_room(path):
    here = path.relative_to(ROOT).with_suffix("").parts
    mine = next((LAYERS[part] for part in here[1:] if part in LAYERS), None)
    if mine is None:
        return
    upward = [
        f"line {line}: {module}"
        for line, module, _names in imports(path)
        if module.split(".")[0] == here[0] and (layer(module) or 0) > mine
    ]
    assert not upward


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_models_know_no_request_and_no_forms(path):
    if "models" not in path.with_suffix("").parts:
        return
    known = {module for _line, module, _names in imports(path)}
    assert not [m for m in known if m.startswith(("django.forms", "django.contrib.messages", "django.http"))]


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_stand_on_top_but_for_slow_libraries(path):
    tree = ast.parse(path.read_text())
    inside = [
        node
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and function.name != "ready"
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    modules = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in inside
    }
    assert modules <= SLOW


def test_no_room_keeps_a_drawer_for_everything():
    names = {path.stem for path in python_files()}
    assert not names & {"utils", "helpers", "common", "misc", "signals", "services"}


# What a view may start a query from: the doors, and what already belongs to the person.
DOORS = {"visible_to", "known_to", "of", "of_project"}


@pytest.mark.parametrize(
    "path",
    [p for p in python_files() if "views" in p.with_suffix("").parts],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_views_reach_rows_only_through_a_door(path):
    """Each `Model.objects…` in a view goes through `visible_to` and its like, or names the project."""
    naked = []
    source = path.read_text()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
            continue
        line = "\n".join(source.splitlines()[node.lineno - 1 : node.lineno + 5])
        chain = re.split(r"\n\s*\n", line)[0]
        if not re.search(rf"\.({'|'.join(DOORS)})\(|project|\.pk in|item\.predecessor_id", chain):
            naked.append(f"line {node.lineno}")
    assert not naked


def test_every_model_stands_in_the_glossary():
    readme = (ROOT / "README.md").read_text()
    models = [
        model.__name__
        for room in ROOMS
        if apps.is_installed(room)
        for model in apps.get_app_config(room).get_models()
    ]
    assert not [name for name in models if not re.search(rf"`{name}`", readme)]
