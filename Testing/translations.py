"""The catalogues of translations, brought up to date with the texts: ``python3 Testing/translations.py``.

Contexts are those that Slicer looks texts up in: ``Package.file`` for Python (slicer.i18n.getContext), the class of
a form for .ui files. Texts that are new stay "unfinished" until somebody translates them; texts that are gone are
removed.

What the library says (:mod:`library_texts`) is listed in a file of the host's that is written here, as calls of ``_``:
there Slicer's own tools find it, and so does this.
Standard library only.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Dict, Iterator, Tuple
from xml.etree import ElementTree

import library_texts

MODULE = Path(__file__).resolve().parent.parent / "DICOMWebNodes"
FOLDER = MODULE / "Resources" / "Translations"
PACKAGES = ("DICOMWebNodesUI", "DICOMWebNodesHost")
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'

Key = Tuple[str, str]  # context, text


def catalogues() -> Dict[str, Path]:
    """By language: "de-DE"."""
    return {path.stem.rpartition("_")[2]: path for path in sorted(FOLDER.glob("DICOMWebNodes_*.ts"))}


def texts() -> Iterator[Key]:
    """Every text that a person can see, once, in the order of files and lines."""
    return iter(dict.fromkeys((*_of_python(), *_of_forms())))


def messages(path: Path) -> Iterator[Tuple[Key, str]]:
    """All that a catalogue has, with the translation or "" where it is unfinished."""
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            is_finished = translation is not None and translation.get("type") is None
            key = context.findtext("name", ""), message.findtext("source", "")
            yield key, (translation.text or "" if is_finished and translation is not None else "")


def read(path: Path) -> Dict[Key, str]:
    """What is translated."""
    return {key: translation for key, translation in messages(path) if translation}


def write(path: Path, language: str, translated: Dict[Key, str]) -> None:
    root = ElementTree.Element("TS", version="2.1", language=language.replace("-", "_"), sourcelanguage="en_US")
    contexts: Dict[str, ElementTree.Element] = {}
    anywhere = {text: translation for (_, text), translation in translated.items()}  # the same text, elsewhere
    for context, text in texts():
        if context not in contexts:
            contexts[context] = ElementTree.SubElement(root, "context")
            ElementTree.SubElement(contexts[context], "name").text = context
        message = ElementTree.SubElement(contexts[context], "message")
        ElementTree.SubElement(message, "source").text = text
        translation = translated.get((context, text)) or anywhere.get(text)
        attributes = {} if translation else {"type": "unfinished"}
        ElementTree.SubElement(message, "translation", attributes).text = translation
    ElementTree.indent(root)
    path.write_text(_HEAD + ElementTree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")


def placeholders(text: str) -> set[str]:
    """What ``format`` fills in; a translation has to keep it."""
    return set(re.findall(r"(?<!\{)\{([^{}]+)\}", text))


def _of_python() -> Iterator[Key]:
    files = [MODULE / "DICOMWebNodes.py", *(file for name in PACKAGES for file in sorted((MODULE / name).glob("*.py")))]
    for file in files:
        context = file.stem if file.parent == MODULE else f"{file.parent.name}.{file.stem}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and node.args:
                argument = node.args[0]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield context, argument.value


def _of_forms() -> Iterator[Key]:
    for file in sorted((MODULE / "Resources" / "UI").glob("*.ui")):
        root = ElementTree.parse(file).getroot()
        for string in root.iter("string"):
            if string.text and string.text.strip() and string.get("notr") != "true":
                yield root.findtext("class", ""), string.text


def main() -> int:
    library_texts.LISTED.write_text(library_texts.listing(), encoding="utf-8")
    for language, path in catalogues().items():
        write(path, language, read(path))
        translated = read(path)
        missing = [text for context, text in texts() if (context, text) not in translated]
        print(f"{path.name}: {len(missing)} of {len(list(texts()))} texts are not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
