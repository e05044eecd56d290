"""What the library says, in the language of the application."""

import re
from functools import lru_cache
from typing import Dict, FrozenSet, Optional

from DICOMWebNodesLib import text as texts
from DICOMWebNodesLib.errors import DICOMWebNodesError

from . import library_texts

CONTEXT = "DICOMWebNodesHost.library_texts"
_NO_TEXT = re.compile("[\ud800-\udfff]")


def translated(text: str) -> str:
    """A sentence of the library; what is none, or is not in the catalogue, stays as it is, but for what PythonQt takes
    in no text: in the names of files it stands for bytes that are none.

    Templates are known by :mod:`.library_texts`, never by what the worker or a server sends.
    """
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", texts.translated(text, _of_library, _grouped))


def told(error: BaseException) -> str:
    """All of an error: the node, what was asked, what happened, what to do."""
    if isinstance(error, DICOMWebNodesError):
        return translated(error.in_full)
    return str(error) or type(error).__name__


def sentencesOf(error: DICOMWebNodesError) -> str:
    """What happened and what to do: what stands beside a field, or after the name of a node."""
    return translated(error.sentences)


def allTranslated() -> Dict[str, str]:
    """Those that the application's language has, by template: for the worker, which shows pages in the browser."""
    pairs = ((template, _of_library(template)) for template in _templates())
    return {template: text for template, text in pairs if text and text != template}


def _of_library(template: str) -> Optional[str]:
    from slicer.i18n import translate

    if template not in _templates():
        return None
    found: str = translate(CONTEXT, template)
    return found


@lru_cache(maxsize=1)
def _templates() -> FrozenSet[str]:
    return frozenset(library_texts.listed(lambda text: text))


def _grouped(number: float) -> str:
    """With a thin space between thousands, as everywhere in the window."""
    return f"{number:,}".replace(",", "\u2009")
