"""``thumbnail``: a small picture of a study, series or instance."""

from __future__ import annotations

from .context import Context
from .credential_options import add_credential_options
from .ctrl_c import interruptible
from .exit_codes import ExitCode
from .parser import PROGRAM, Subparsers, add_command, file
from .table import in_bytes


def add_to(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers,
        "thumbnail",
        _thumbnail,
        "save a small picture of a study, series or instance",
        arguments="NODE STUDY[/SERIES[/INSTANCE]] --output FILE",
        description="It is the server's own where it has one, else made here of one instance from the middle, for "
        "which numpy and pydicom have to be installed.",
        examples=f"  {PROGRAM} thumbnail Lab 1.2.840.113619.2.5/1.2.840.113619.2.5.1 --output series.jpg",
    )
    parser.add_argument("node", metavar="NODE")
    parser.add_argument("resource", metavar="STUDY[/SERIES[/INSTANCE]]")
    parser.add_argument(
        "--output", "-o", metavar="FILE", type=file, required=True, help="as the server sends it, else PNG"
    )
    add_credential_options(parser)


def _thumbnail(context: Context) -> ExitCode:
    from ..storage.files import write_atomically
    from .resources import parse_resource

    args = context.args
    resource = parse_resource(args.resource)
    with context.workspace() as workspace:
        image = interruptible(lambda control: workspace.thumbnail(args.node, resource, control=control))
    write_atomically(args.output, image.content, mode=0o666)
    context.console.print(f"{args.output}: {image.content_type}, {in_bytes(len(image.content))}")
    return ExitCode.DONE
