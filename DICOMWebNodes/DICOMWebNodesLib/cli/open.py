"""``open``: what a manifest or link of somebody else asks for; shown first, fetched when a person agrees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, List, Tuple

from ..errors import InvalidValue
from .context import Context
from .ctrl_c import interruptible
from .exit_codes import ExitCode
from .parser import PROGRAM, Subparsers, add_command, folder
from .table import counted

if TYPE_CHECKING:
    from ..manifests.opened import Opened
    from ..manifests.target import Target
    from ..workspace import Workspace
    from .console import Console

STANDARD_INPUT = "-"


def add_to(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers,
        "open",
        _open,
        "fetch what a manifest or a link asks for, after showing it",
        arguments="MANIFEST_OR_LINK [--output DIR]",
        description="A Weasis manifest (a file or an address, XML or JSON, gzip or not), a weasis:// link, or the "
        "address of a DICOMweb study, series or instance. Nothing is fetched before you agree. A sign-in in it is used "
        "for its own server only and never kept.",
        examples=f"""\
  {PROGRAM} open manifest.xml
  {PROGRAM} open https://pacs.example.org/dicom-web/studies/1.2.840.113619.2.5 --output data
  {PROGRAM} open - --output data --yes < link-with-a-token.txt""",
    )
    parser.add_argument(
        "source",
        metavar="MANIFEST_OR_LINK",
        help="'-' reads it from standard input: a token in an argument can be seen by others on this computer",
    )
    parser.add_argument("--output", "-o", metavar="DIR", type=folder, help="where the files go; without it, only show")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="what it asks for as JSON; nothing is fetched")
    parser.add_argument(
        "--allow-plain-http", action="store_true", help="send a sign-in although everybody on the way can read it"
    )


def _open(context: Context) -> ExitCode:
    from .credential_options import stored_credentials

    args, console = context.args, context.console
    if args.json and args.output is not None:
        raise InvalidValue("--json shows and --output fetches", field="--json", next_step="Give one of them.")
    source = console.stdin.read().strip() if args.source == STANDARD_INPUT else args.source
    with context.workspace_as(stored_credentials(context)) as workspace:
        opened = interruptible(lambda control: workspace.open_manifest(source, control=control))
        if args.output is None:
            _show(opened, console, args.json)
            return ExitCode.DONE
        _show(opened, console, False)
        for target in opened.targets:
            target.check_plain_http(args.allow_plain_http)
        if not _agreed(context, opened):
            console.tell("nothing was fetched")
            return ExitCode.CANCELLED
        return _retrieve(context, workspace, opened.targets)


def _agreed(context: Context, opened: Opened) -> bool:
    args, console = context.args, context.console
    if args.yes:
        return True
    if args.source == STANDARD_INPUT or not console.stdin.isatty():
        raise InvalidValue("there is no terminal to ask whether it may be fetched", next_step="Add --yes.")
    hosts = ", ".join(dict.fromkeys(target.node.origin for target in opened.targets))
    console.tell(f"Fetch this from {hosts} into {args.output}? [y/N]")
    return console.stdin.readline().strip().lower() in ("y", "yes")


def _retrieve(context: Context, workspace: Workspace, targets: Tuple[Target, ...]) -> ExitCode:
    from .retrieve import retrieve_and_tell

    codes: List[ExitCode] = []
    for target in targets:
        allowed = workspace.identified(target.allowed(context.args.allow_plain_http))
        unusable: List[str] = []
        resources = workspace.resources_of(allowed, on_warning=unusable.append)
        for text in unusable:
            context.console.warn(text)
            codes.append(ExitCode.INCOMPLETE)
        codes.append(
            retrieve_and_tell(context, workspace, allowed.node, list(resources), addressing=allowed.part.addressing)
        )
    return next((code for code in codes if code is not ExitCode.DONE), ExitCode.DONE)


# --- what is shown ----------------------------------------------------------------------------------------------------


def _show(opened: Opened, console: Console, as_json: bool) -> None:
    if as_json:
        from ..manifests.target import described

        targets = [described(target) for target in opened.targets]
        console.write(json.dumps({"targets": targets, "remarks": list(opened.remarks)}, indent=2) + "\n")
        return
    for target in opened.targets:
        for line in _lines(target):
            console.print(line)
    for remark in opened.remarks:
        console.warn(remark)


def _lines(target: Target) -> List[str]:
    part = target.part
    known = f"your node “{target.node.name}”" if target.is_known else "no node of yours"
    lines = [f"{target.node.url} ({target.node.service_type.value}, {known})"]
    lines += [
        f"  patient {each.name or '(no name)'}, {each.patient_id or 'no ID'}, as it says" for each in part.patients
    ]
    studies, series, instances = part.counted()
    counts = [counted(studies, "study", "studies")] if studies else []
    counts += [counted(series, "series", "series")] if series else []
    counts += [counted(instances, "instance")] if instances else []
    if counts:
        lines.append(f"  {', '.join(counts)}")
    lines += [f"  everything with {', '.join(f'{name} {value}' for name, value in each)}" for each in part.matching]
    if part.header_names:
        lines.append(f"  it brings {', '.join(part.header_names)} for this server")
    return lines
