"""What the library says to people, found in its source and in its data files. Standard library only.

A sentence is a literal where it is made: the template of a ``Text``; the cause of an error; its ``asked`` and
``next_step``. The command line stays English, and with it what only it uses.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Dict, FrozenSet, Iterator, List, Tuple

MODULE = Path(__file__).resolve().parent.parent / "DICOMWebNodes"
LIBRARY = MODULE / "DICOMWebNodesLib"
HOST = MODULE / "DICOMWebNodesHost"
LISTED = HOST / "library_texts.py"
ENGLISH_ONLY = ("cli", "cohort")  # packages

_SENTENCES = ("asked", "next_step")
_IN_DATA = ("title", "help", "label", "expects")
_HEAD = '''"""What the library says, for translators: written by Testing/translations.py."""

from typing import Callable, Tuple


def listed(_: Callable[[str], str]) -> Tuple[str, ...]:
    return (
'''


def sources() -> List[Path]:
    files = sorted(file for file in LIBRARY.rglob("*.py") if file.relative_to(LIBRARY).parts[0] not in ENGLISH_ONLY)
    return [*files, *(file for file in sorted(HOST.glob("*.py")) if file != LISTED)]


def error_classes() -> List[str]:
    """All names of the tree of errors."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (LIBRARY / "errors").glob("*.py")]
    return [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def templates() -> Dict[str, List[str]]:
    """By file, each once, in the order of the source."""
    errors = frozenset(error_classes())
    first: Dict[str, Path] = {}
    for file in sources():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for text in (text for node in ast.walk(tree) for text in _of(node, errors)):
            first.setdefault(text, file)
    for file in sorted((MODULE / "Resources").glob("*/*.json")):
        for text in _in_data(json.loads(file.read_text(encoding="utf-8"))):
            first.setdefault(text, file)
    found: Dict[str, List[str]] = {}
    for text, file in first.items():
        if text:
            found.setdefault(file.relative_to(MODULE).as_posix(), []).append(text)
    return found


def listing() -> str:
    """The content of the file that lists them."""
    lines = [_HEAD]
    for name, texts in templates().items():
        lines.append(f"        # {name}\n")
        lines += [f"        _({_literal(text)}),\n" for text in texts]
    return "".join([*lines, "    )\n"])


def _of(node: ast.AST, errors: FrozenSet[str]) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if node.args and (name == "Text" or name in errors):
            yield from _constants(node.args[0])
        for keyword in node.keywords:
            if keyword.arg in _SENTENCES:
                yield from _constants(keyword.value)
    elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(getattr(target, "id", getattr(target, "attr", "")) in _SENTENCES for target in targets):
            yield from _constants(node.value)


def _constants(node: ast.AST) -> Iterator[str]:
    """The texts that an expression can be; those inside of a call are found for themselves."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _constants(value)


def _in_data(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name in _IN_DATA and isinstance(each, str):
                yield each
            elif name != "choices":  # where there is a list of choices, in the server's words
                yield from _in_data(each)
    elif isinstance(value, list):
        for each in value:
            yield from _in_data(each)


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


# --- what could not be translated -------------------------------------------------------------------------------------


def untranslatable(file: Path) -> Iterator[str]:
    """Sentences that are put together where only their English is left."""
    errors = frozenset(error_classes())
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    for scope in (tree, *functions):
        made = {name: value for name, value in _assigned(scope) if _is_put_together(value)}
        for node in _within(scope):
            for sentence in _sentences_of(node, errors):
                value = made.get(getattr(sentence, "id", ""), sentence)
                if _is_put_together(value):
                    yield f"line {value.lineno}: {ast.unparse(value)}"
            is_text = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text"
            if is_text and not (node.args and isinstance(node.args[0], ast.Constant)):
                yield f"line {node.lineno}: a Text without a literal, which no translator would see"


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """All that is in a scope and not in a function inside of it."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _within(node)


def _assigned(scope: ast.AST) -> Iterator[Tuple[str, ast.expr]]:
    for node in _within(scope):
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def _sentences_of(node: ast.AST, errors: FrozenSet[str]) -> Iterator[ast.expr]:
    """What a call or an assignment makes the cause, the request or the next step of an error."""
    if isinstance(node, ast.Call):
        if getattr(node.func, "id", "") in errors and node.args:
            yield node.args[0]
        yield from (keyword.value for keyword in node.keywords if keyword.arg in _SENTENCES)
    elif isinstance(node, ast.Assign) and any(getattr(target, "attr", "") in _SENTENCES for target in node.targets):
        yield node.value


def _is_put_together(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_put_together(node.body) or _is_put_together(node.orelse)
    if isinstance(node, ast.BoolOp):
        return any(map(_is_put_together, node.values))
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    is_format = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format"
    return is_format or (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)))
