"""Weasis's manifest, version 2.5 and the older one with a single server, read into values.

Its elements and attributes are those of Weasis's ``manifest.xsd``: ``manifest``/``arcQuery``/``Patient``/``Study``/
``Series``/``Instance``, before 2.5 ``wado_query`` in the place of the first two. Not obeyed: ``overrideDicomTagsList``
(instances are never changed), ``WadoTransferSyntaxUID`` and ``WadoCompressionRate`` (they come as the server has
them), ``DirectDownloadThumbnail``.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Tuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from ..dicomweb.resource import Resource
from ..dicomweb.wado_uri import Addressing
from ..errors import InvalidHeader, InvalidManifest, InvalidValue
from ..nodes.headers import checked_headers
from ..nodes.service_type import ServiceType
from ..nodes.url import normalise_base_url, origin_of
from ..text import Text
from .manifest import Manifest, Part, Patient, is_query, shown_text
from .tree import children, local_name, read_tree

MOST_INSTANCES = 200_000
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_OURS = frozenset({"accept", "accept-encoding", "user-agent", "range"})
_OVERRIDE = Text("It wants to replace attributes of the instances; they are kept as the server has them.")


def read_manifest(content: bytes) -> Manifest:
    """Raises :class:`~..errors.InvalidManifest`, which says what is wrong with it."""
    root = read_tree(content)
    try:
        queries = [root] if local_name(root) == "wado_query" else children(root, "arcQuery")
        if local_name(root) not in ("manifest", "wado_query"):
            raise InvalidManifest(Text("its root is “{root}”, not “manifest”", root=shown_text(local_name(root))))
        read = [_Query(each) for each in queries]
    except InvalidManifest:
        raise
    except InvalidValue as error:
        raise InvalidManifest(
            Text("the manifest cannot be used: {cause}", cause=error.cause), next_step=error.next_step
        ) from error
    parts = tuple(part for query in read for part in query.parts)
    remarks = tuple(dict.fromkeys(remark for query in read for remark in query.remarks))
    if not parts:
        raise InvalidManifest("the manifest names nothing to fetch", detail="\n".join(remarks))
    return Manifest(parts, remarks)


class _Query:
    """One ``arcQuery``: ``parts`` and ``remarks``. Instances without a server may name several."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self.remarks: List[str] = list(_messages(element))
        is_rest = element.get("queryMode") == "DICOM_WEB"
        self._service_type = ServiceType.DICOMWEB if is_rest else ServiceType.WADO_URI
        self._patients: List[Patient] = []
        self._resources: List[Resource] = []
        self._matching: List[Tuple[Tuple[str, str], ...]] = []
        self._files: Dict[Resource, str] = {}
        self._without_instances = 0
        for patient in children(element, "Patient"):
            self._read_patient(patient)
        if self._without_instances:
            self._remark(
                Text(
                    "{count} of its series name no instances, which WADO-URI needs.",
                    count=self._without_instances,
                )
            )
        if element.get("overrideDicomTagsList"):
            self._remark(_OVERRIDE)
        self.parts = tuple(self._made_parts())

    def _remark(self, text: str) -> None:
        self.remarks.append(text)

    # --- patients, studies, series, instances -----------------------------------------------------------------------

    def _read_patient(self, element: Element) -> None:
        patient = Patient(shown_text(element.get("PatientName", "")), shown_text(element.get("PatientID", "")))
        self._patients.append(patient)
        studies = children(element, "Study")
        if not studies and self._is_rest and element.get("PatientID"):
            pairs = (("PatientID", element.get("PatientID")), ("IssuerOfPatientID", element.get("IssuerOfPatientID")))
            self._matching.append(tuple((name, value) for name, value in pairs if value))
        for study in studies:
            self._read_study(study)

    @property
    def _is_rest(self) -> bool:
        return self._service_type is ServiceType.DICOMWEB

    def _read_study(self, element: Element) -> None:
        study = element.get("StudyInstanceUID", "")
        series = children(element, "Series")
        if not series and self._is_rest:
            self._resources.append(Resource(study))
        elif not series:
            self._without_instances += 1
        for each in series:
            self._read_series(Resource(study, each.get("SeriesInstanceUID", "") or "?"), each)

    def _read_series(self, series: Resource, element: Element) -> None:
        instances = children(element, "Instance")
        if not instances and self._is_rest:
            self._resources.append(series)
        elif not instances:
            self._without_instances += 1
        for each in instances:
            instance = Resource(
                series.study_instance_uid, series.series_instance_uid, each.get("SOPInstanceUID", "") or "?"
            )
            self._resources.append(instance)
            if each.get("DirectDownloadFile"):
                self._files[instance] = each.get("DirectDownloadFile", "")
        if len(self._resources) > MOST_INSTANCES:
            raise InvalidManifest(Text("the manifest names more than {most:,} instances", most=MOST_INSTANCES))

    # --- servers ------------------------------------------------------------------------------------------------------

    def _made_parts(self) -> Iterator[Part]:
        base = self._element.get("baseUrl") or self._element.get("wadoURL") or ""
        resources = tuple(dict.fromkeys(self._resources))
        if not (resources or self._matching):
            return
        if base:
            yield self._part(base, resources, {each: _below(base, file) for each, file in self._files.items()})
            return
        by_origin: Dict[str, List[Resource]] = {}
        for instance in resources:
            by_origin.setdefault(origin_of(self._files.get(instance, "")), []).append(instance)
        for origin, instances in by_origin.items():
            yield self._part(origin, tuple(instances), {each: _below(origin, self._files[each]) for each in instances})

    def _part(self, base: str, resources: Tuple[Resource, ...], files: Dict[Resource, str]) -> Part:
        parameters = self._element.get("additionnalParameters", "").strip().lstrip("?&")
        if not is_query(parameters):
            raise InvalidManifest("its additional parameters are no query")
        if parameters and self._is_rest:
            self._remark(Text("It has additional parameters, which DICOMweb does not know; they are not sent."))
            parameters = ""
        return Part(
            normalise_base_url(base),
            self._service_type,
            tuple(dict.fromkeys(self._patients)),
            resources,
            tuple(self._matching),
            tuple(self._headers()),
            Addressing(parameters, self._element.get("requireOnlySOPInstanceUID", "").lower() == "true", files),
        )

    def _headers(self) -> Iterator[Tuple[str, str]]:
        """``httpTag``, and ``webLogin``, which is the user name and password of Basic authentication (RFC 7617)."""
        given: Dict[str, Tuple[str, str]] = {}
        for tag in children(self._element, "httpTag"):
            name, value = tag.get("key", ""), tag.get("value", "")
            if name.lower() in _OURS:
                continue
            try:
                (given[name.lower()],) = checked_headers([(name, value)])
            except InvalidHeader as error:
                self._remark(Text("A header of it is not sent: {cause}.", cause=error.cause))
        login = self._element.get("webLogin", "").strip()
        if login:
            if not _BASE64.fullmatch(login):
                raise InvalidManifest("its login is not Base64")
            given["authorization"] = ("Authorization", f"Basic {login}")
        yield from given.values()


def _messages(element: Element) -> Iterator[str]:
    for message in children(element, "Message"):
        texts = filter(None, (shown_text(message.get(name, "")) for name in ("title", "description")))
        yield Text("It says: {words}", words=": ".join(texts))


def _below(base: str, file: str) -> str:
    """The part of a file's address behind ``base``, to which Weasis appends it. Raises InvalidManifest.

    What is appended must not turn the address into one of another host, or of another folder.
    """
    address = file if file.lower().startswith(("http://", "https://")) else base + file
    root = normalise_base_url(base)
    plain, question, query = address.partition("?")
    if not is_query(query):
        raise InvalidManifest("a file in it has no valid address")
    whole = normalise_base_url(plain)
    if origin_of(whole) != origin_of(root) or not (whole == root or urlsplit(whole).path.startswith(_folder(root))):
        raise InvalidManifest(Text("a file in it is not below {root}", root=root))
    return whole[len(root) :].lstrip("/") + question + query


def _folder(root: str) -> str:
    return urlsplit(root).path + "/"
