"""Imports point one way, and the library knows neither slicer nor qt."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "DICOMWebNodes"
LIBRARY = ROOT / "DICOMWebNodesLib"

# From the ground up; a module imports from its own line and those above it.
LAYERS = [
    ["text"],
    ["errors", "proxy", "punctual_tls"],
    ["storage", "xml_document", "logs", "last_errors"],
    ["nodes"],
    ["auth"],
    ["dicomweb"],
    ["pictures"],
    ["manifests"],
    ["transfer"],
    ["diagnostics", "sharing", "workspace"],
    ["cohort"],
    ["worker", "cli"],
    ["__main__"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MODULES = sorted(path for path in LIBRARY.rglob("*.py") if path.parent != LIBRARY or path.stem != "__init__")
# Standard library and what the README names; everything else needs a reason.
ALLOWED = {
    "requests",
    "urllib3",
    "pydicom",
    "oauthlib",
    "keyring",
    "tqdm",
    "cryptography",
    "google",
    "botocore",
    "numpy",
}


def imports_of(path):
    """Absolute dotted names of everything that a module imports, wherever in it."""
    package = path.relative_to(LIBRARY.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def layer_of(path):
    return path.relative_to(LIBRARY).with_suffix("").parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_a_module_imports_only_from_below(path):
    for name in imports_of(path):
        first, _, rest = name.partition(".")
        if first == "DICOMWebNodesLib" and rest.partition(".")[0] in RANK:
            other = rest.partition(".")[0]
            assert RANK[other] <= RANK[layer_of(path)], f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_a_module_depends_on_nothing_unexpected(path):
    standard = sys.stdlib_module_names if sys.version_info >= (3, 10) else None
    for name in imports_of(path):
        first = name.partition(".")[0]
        assert first not in {"slicer", "qt", "ctk", "vtk", "PySide6"}, f"{path.name} imports {name}"
        if standard is not None:
            assert first in standard or first in ALLOWED | {"DICOMWebNodesLib"}, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_a_package_is_imported_before_its_parts(path):
    """Of two threads, Python may give one an unfinished package when the other begins with a part of it."""
    whole = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            whole |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            package, _, part = node.module.partition(".")
            assert not part or package in whole or package not in {"requests", "urllib3"}, node.module


def test_every_module_has_a_place_in_the_layers():
    assert {layer_of(path) for path in MODULES} <= set(RANK)


def test_no_two_modules_import_each_other():
    edges = {}
    for path in MODULES:
        name = "DICOMWebNodesLib." + ".".join(path.relative_to(LIBRARY).with_suffix("").parts)
        edges[name] = {
            each if each in edges or _is_module(each) else each.rpartition(".")[0] for each in _at_import(path)
        }
    for start in edges:
        assert start not in _reachable(start, edges), f"{start} is imported by what it imports"


def _is_module(name):
    return (LIBRARY.parent / (name.replace(".", "/") + ".py")).is_file()


def _at_import(path):
    """What is imported when the module is; not what functions import, nor what only types need."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = path.relative_to(LIBRARY.parent).with_suffix("").parts[:-1]
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join(package[: len(package) - node.level + 1])
            module = ".".join(part for part in (base, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _reachable(start, edges):
    seen, waiting = set(), list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(edges.get(name, ()))
    return seen


def test_listing_nodes_imports_nothing_heavy():
    program = (
        "import sys; from DICOMWebNodesLib.cli.main import main; main(['nodes', 'list']);"
        "heavy = {'requests', 'pydicom', 'oauthlib', 'keyring', 'tqdm', 'numpy', 'asyncio'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
