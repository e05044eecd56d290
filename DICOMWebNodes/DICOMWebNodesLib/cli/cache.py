"""``cache``: the previews that are kept on this computer."""

from __future__ import annotations

from .context import Context
from .exit_codes import ExitCode
from .parser import PROGRAM, Subparsers, add_command
from .table import in_bytes


def add_to(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers,
        "cache",
        _cache,
        "show where previews are kept, or forget them",
        description="They are pictures of patients, readable for you only, and never more than 64 MB.",
        examples=f"  {PROGRAM} cache --clear",
    )
    parser.add_argument("--clear", action="store_true", help="forget them all")


def _cache(context: Context) -> ExitCode:
    from ..pictures.cache import PreviewCache
    from ..storage.folders import cache_folder

    cache = PreviewCache(cache_folder(context.environ))
    size = cache.size()
    if context.args.clear:
        cache.clear()
    context.console.print(f"{cache.folder}: {in_bytes(size)}{', forgotten' if context.args.clear else ''}")
    return ExitCode.DONE
