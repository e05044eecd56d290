"""Links that hospitals have: ``weasis://`` with Weasis's commands.

Of Weasis's commands ``dicom:get`` (``-w``, ``-i``, ``-r``) and ``dicom:rs`` are understood. Files of this computer are
named and not touched, because a link may be anybody's: even to look whether such a file is there can tell another
computer who asks. Archives are not unpacked, and Weasis's configuration is none of ours.
"""

from __future__ import annotations

import base64
import re
import shlex
from argparse import Namespace
from dataclasses import dataclass, field
from typing import Dict, Iterable, Iterator, List, Sequence, Tuple
from urllib.parse import parse_qsl, unquote_plus

from ..dicomweb.resource import Resource
from ..errors import InvalidHeader, InvalidManifest
from ..nodes.headers import Headers, checked_headers
from ..nodes.service_type import ServiceType
from ..nodes.url import normalise_base_url
from ..text import Text
from .addresses import is_on_the_web, is_url_of_resource, part_of_url, parts_of_files
from .link_options import GET, RS, options_of
from .manifest import Manifest, Part, shown_text
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
        yield _get(options_of(GET, words[1:]))
    elif words and words[0] == "dicom:rs":
        yield _rs(options_of(RS, words[1:]))


# --- dicom:get ------------------------------------------------------------------------------------------------------


def _get(options: Namespace) -> Link:
    on_the_web = [address for address in options.remote if is_on_the_web(address)]
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
        *parts_of_files([url for url in on_the_web if not is_url_of_resource(url)]),
    )
    try:
        documents = tuple(base64.b64decode(data, validate=True) for data in options.iwado)
    except ValueError as error:
        raise InvalidManifest("the manifest in the link is not Base64") from error
    return Link(tuple(options.wado), documents, Manifest(parts, tuple(remarks)))


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
