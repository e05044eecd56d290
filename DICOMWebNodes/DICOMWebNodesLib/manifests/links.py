"""Links that hospitals have: ``weasis://`` with Weasis's commands, and addresses of DICOMweb resources.

Of Weasis's commands ``dicom:get`` (``-w``, ``-i``, ``-r``) and ``dicom:rs`` are understood. Files of this computer are
named and not touched, because a link may be anybody's: even to look whether such a file is there can tell another
computer who asks. Archives are not unpacked, and Weasis's configuration is none of ours.
"""

from __future__ import annotations

import base64
import re
import shlex
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Iterator, List, NoReturn, Sequence, Tuple
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from ..dicomweb.resource import Resource
from ..errors import InvalidHeader, InvalidManifest, InvalidUID, InvalidURL
from ..nodes.headers import Headers, checked_headers
from ..nodes.node import ServiceType
from ..nodes.url import normalise_base_url, origin_of
from ..text import Text
from .manifest import Manifest, Part, is_query, shown_text
from .tree import MOST_BYTES

LONGEST_LINK = 4 * MOST_BYTES // 3
_WEASIS = re.compile(r"weasis(-[a-z0-9.-]*)?://", re.IGNORECASE)
_IN_PLACE_OF_BEARER = "&access_token="  # what dcm4chee-arc's pages write
_UIDS = {"studyUID": "StudyInstanceUID", "seriesUID": "SeriesInstanceUID", "objectUID": "SOPInstanceUID"}
_MOST_NAMED = 3
_OTHERS = {"patientID": "PatientID", "accessionNumber": "AccessionNumber"}


@dataclass(frozen=True)
class Link:
    """What a link asks for: manifests at ``addresses``, ``documents`` that are in the link, and what it ``named``."""

    addresses: Tuple[str, ...] = field(default=(), repr=False)
    documents: Tuple[bytes, ...] = field(default=(), repr=False)
    named: Manifest = field(default_factory=lambda: Manifest(()))


def is_weasis_link(text: str) -> bool:
    return _WEASIS.match(text) is not None


def part_of_url(url: str) -> Part:
    """From ``.../studies/{uid}[/series/{uid}[/instances/{uid}]]``, whatever it names below that.

    Raises InvalidURL when there is no ``/studies/`` in its path, InvalidUID for what follows it.
    """
    resource = Resource.from_url(url)
    path = urlsplit(url).path
    base = url.partition("?")[0].partition("#")[0]
    return Part(
        normalise_base_url(base[: len(base) - len(path) + path.rindex("/studies/")]),
        ServiceType.DICOMWEB,
        resources=(resource,),
    )


def is_url_of_resource(url: str) -> bool:
    try:
        Resource.from_url(url)
    except (InvalidURL, InvalidUID):
        return False
    return True


def read_link(text: str) -> Link:
    """A ``weasis://`` link. Raises InvalidManifest."""
    if len(text) > LONGEST_LINK:
        raise InvalidManifest("the link is too long")
    commands = unquote_plus(_WEASIS.sub("", text, count=1)).split("$")[1:]
    links = [link for command in commands for link in _obeyed(command.strip())]
    if not links:
        raise InvalidManifest("the link has no command that fetches anything")
    parts = tuple(part for link in links for part in link.named.parts)
    remarks = tuple(dict.fromkeys(remark for link in links for remark in link.named.remarks))
    return Link(
        tuple(address for link in links for address in link.addresses),
        tuple(document for link in links for document in link.documents),
        Manifest(parts, remarks),
    )


def _obeyed(command: str) -> Iterator[Link]:
    try:
        words = shlex.split(command.rstrip("/") if command.endswith('"/') else command)
    except ValueError as error:
        raise InvalidManifest("a command of the link has a quote without its end") from error
    if words and words[0] == "dicom:get":
        yield _get(_options(_GET, words[1:]))
    elif words and words[0] == "dicom:rs":
        yield _rs(_options(_RS, words[1:]))


# --- dicom:get ------------------------------------------------------------------------------------------------------


def _get(options: Namespace) -> Link:
    on_the_web = [address for address in options.remote if _is_on_the_web(address)]
    local = [*options.local, *(address for address in options.remote if address not in on_the_web)]
    remarks = []
    if local:
        remarks.append(
            Text(
                "It names files of this computer, which are not opened by a link: {paths}. If you know them, open them "
                "with the DICOM module, Import DICOM files.",
                paths=_named(local),
            )
        )
    if options.portable:
        remarks.append(
            Text(
                "It wants the folders beside Weasis's own program; open them with the DICOM module, Import DICOM files."
            )
        )
    if options.zip:
        remarks.append(
            Text(
                "It names an archive, which is not unpacked here: {addresses}. Download and unpack it, then open the "
                "folder with the DICOM module, Import DICOM files.",
                addresses=_named(address.partition("?")[0] for address in options.zip),
            )
        )
    parts = (
        *(part_of_url(url) for url in on_the_web if is_url_of_resource(url)),
        *_parts_of_files([url for url in on_the_web if not is_url_of_resource(url)]),
    )
    try:
        documents = tuple(base64.b64decode(data, validate=True) for data in options.iwado)
    except ValueError as error:
        raise InvalidManifest("the manifest in the link is not Base64") from error
    return Link(tuple(options.wado), documents, Manifest(parts, tuple(remarks)))


def _is_on_the_web(address: str) -> bool:
    return urlsplit(address).scheme.lower() in ("http", "https")


def _parts_of_files(addresses: Sequence[str]) -> Iterator[Part]:
    """DICOM files that no service gives. Which instances they are, they say themselves, when they are fetched."""
    by_origin: Dict[str, List[str]] = {}
    for address in dict.fromkeys(addresses):
        plain, _, query = address.partition("#")[0].partition("?")
        if not is_query(query):
            raise InvalidManifest("the address of a file in the link is none")
        origin = origin_of(plain)
        path = urlsplit(normalise_base_url(plain)).path.lstrip("/")
        by_origin.setdefault(origin, []).append(f"{path}?{query}" if query else path)
    for origin, files in by_origin.items():
        yield Part(normalise_base_url(origin), ServiceType.WADO_URI, unidentified=tuple(files))


def _named(values: Iterable[str]) -> str:
    """Some of them, for people."""
    shown = [shown_text(value) for value in values]
    first = ", ".join(shown[:_MOST_NAMED])
    more = len(shown) - _MOST_NAMED
    return Text("{names} and {count} more", names=first, count=more) if more > 0 else first


# --- dicom:rs -------------------------------------------------------------------------------------------------------


def _rs(options: Namespace) -> Link:
    remarks = []
    if options.query_ext or options.retrieve_ext:
        remarks.append(Text("It has additional parameters, which DICOMweb does not know; they are not sent."))
    if options.oidc_iss or options.auth_uid:
        remarks.append(Text("It names a sign-in of Weasis; the one of the node is used."))
    headers = _headers([*options.header, *options.query_header, *options.retrieve_header])
    url = normalise_base_url(options.url)
    parts = tuple(_requested(url, headers, request) for request in options.request)
    return Link(named=Manifest(parts, tuple(remarks)))


def _requested(url: str, headers: Headers, request: str) -> Part:
    """One query in the words of weasis-pacs-connector and of IHE's Invoke Image Display profile."""
    given = [(name, value) for name, value in parse_qsl(request, keep_blank_values=False) if value]
    uids: Dict[str, List[str]] = {name: [value for key, value in given if key == name] for name in _UIDS}
    resources: List[Resource] = []
    matching: List[Tuple[Tuple[str, str], ...]] = [((_OTHERS[key], each),) for key, each in given if key in _OTHERS]
    if len(uids["studyUID"]) == 1 and (uids["seriesUID"] or uids["objectUID"]):
        resources, below = _within(uids)
        matching += below
    else:
        resources = [Resource(uid) for uid in uids["studyUID"]]
        matching += [((_UIDS[name], uid),) for name in ("seriesUID", "objectUID") for uid in uids[name]]
    if not resources and not matching:
        raise InvalidManifest("the link does not say which studies it wants")
    return Part(url, ServiceType.DICOMWEB, (), tuple(resources), tuple(matching), headers)


def _within(uids: Dict[str, List[str]]) -> Tuple[List[Resource], List[Tuple[Tuple[str, str], ...]]]:
    """Series and instances of the one study that is named."""
    (study,) = uids["studyUID"]
    series, instances = uids["seriesUID"], uids["objectUID"]
    if instances and len(series) == 1:
        return [Resource(study, series[0], uid) for uid in instances], []
    searched = [(("StudyInstanceUID", study), ("SOPInstanceUID", uid)) for uid in instances]
    return [Resource(study, uid) for uid in series], list(searched)


def _headers(lines: Sequence[str]) -> Headers:
    headers: Dict[str, Tuple[str, str]] = {}
    for line in lines:
        name, _, value = (each.strip() for each in line.partition(":"))
        if not value:
            raise InvalidManifest("a header of the link has no value")
        if name.lower() == "authorization" and value.startswith(_IN_PLACE_OF_BEARER):
            value = f"Bearer {value[len(_IN_PLACE_OF_BEARER) :]}"
        if name.lower() != "accept":
            headers[name.lower()] = (name, value)
    try:
        return checked_headers(headers.values())
    except InvalidHeader as error:
        raise InvalidManifest(Text("a header of the link cannot be sent: {cause}", cause=error.cause)) from error


# --- options --------------------------------------------------------------------------------------------------------


class _Options(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Without argparse's own message, which may quote a token."""
        raise InvalidManifest(Text("the link's command {prog} has options that are not known here", prog=self.prog))


def _options(parser: _Options, words: Sequence[str]) -> Namespace:
    options, _ = parser.parse_known_args(list(words))
    for value in vars(options).values():
        # "-w--" is an option without a value: argparse takes "--" for it since Python 3.13, and a list before
        if any(each == "--" or isinstance(each, list) for each in (value if isinstance(value, list) else [value])):
            parser.error("")
    return options


def _parser(name: str, lists: str, texts: str = "", flags: str = "") -> _Options:
    parser = _Options(prog=name, add_help=False, allow_abbrev=False)

    def add(option: str, **how: Any) -> None:
        long, _, short = option.partition("/")
        parser.add_argument(f"--{long}", *([f"-{short}"] if short else []), **how)

    for option in lists.split():
        add(option, action="append", default=[])
    for option in texts.split():
        add(option, default="")
    for option in flags.split():
        add(option, action="store_true")
    return parser


_GET = _parser("dicom:get", "local/l remote/r wado/w zip/z iwado/i", flags="portable/p")
_RS = _parser(
    "dicom:rs",
    "request/r header/H query-header retrieve-header",
    "url/u query-ext retrieve-ext accept-ext auth-uid oidc-iss oidc-login",
    "show-whole-study",
)
