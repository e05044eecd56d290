"""STOW-RS: the Store Transaction (PS3.18 10.5 and annex I)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping
from uuid import uuid4

from .archive import Archive, Instance, NotAnInstance, is_uid
from .attributes import to_xml
from .dialect import Dialect
from .encoding import DICOM
from .messages import Refusal, Request, Response
from .multipart import read
from .negotiation import parse_accept, parse_media_type

_JSON = "application/dicom+json"
_XML = "application/dicom+xml"


def store(archive: Archive, folder: Path, dialect: Dialect, request: Request, study: str = "") -> Response:
    """Store what can be stored; 200 for all, 202 for some, 409 for none, with an account of each instance.

    The instances of the request land in ``folder`` under names of our own.
    """
    if study and not is_uid(study):
        raise Refusal(400, f"not a UID: {study!r}")
    response_type = _response_type(request, dialect)
    stored: List[Instance] = []
    failed: List[NotAnInstance] = []
    for content in _instances(request):
        file = folder / f"{uuid4().hex}.dcm"
        file.write_bytes(content)
        try:
            stored.append(_store_one(archive, file, study))
        except NotAnInstance as problem:
            failed.append(problem)
            file.unlink()
    status = 200 if not failed else 202 if stored else 409
    return _respond(status, response_type, _store_instances_response(archive, stored, failed))


def _store_one(archive: Archive, file: Path, study: str) -> Instance:
    instance = archive.identify(file)
    if study and instance.study_instance_uid != study:
        why = f"it belongs to study {instance.study_instance_uid}"
        raise NotAnInstance(why, 0xA900, instance.sop_class_uid, instance.sop_instance_uid)
    return archive.add(file)


def _instances(request: Request) -> List[bytes]:
    content_type = parse_media_type(request.headers.get("Content-Type", ""))
    if not content_type.multipart or content_type.content_type != DICOM:
        raise Refusal(415, f'instances are stored as multipart/related; type="{DICOM}", not as {content_type.type}')
    parts = read(request.body, content_type.parameter("boundary"))
    if not parts:
        raise Refusal(400, "the request has no parts")
    for headers, _ in parts:
        part_type = parse_media_type(headers.get("content-type", ""))
        if part_type.type != DICOM:
            raise Refusal(400, f"a part is {part_type.type}, not {DICOM}")
    return [content for _, content in parts]


def _response_type(request: Request, dialect: Dialect) -> str:
    """Found out before anything is stored: a client that cannot read the account should not store."""
    for accepted in parse_accept(request.accept):
        if accepted.content_type == "*/*":
            return dialect.store_response_type
        for content_type in (_JSON, _XML):
            if accepted.covers(content_type) and not accepted.multipart:
                return content_type
    raise Refusal(406, f"the account of a store is given as {_JSON} or {_XML}")


def _store_instances_response(
    archive: Archive, stored: List[Instance], failed: List[NotAnInstance]
) -> Dict[str, Dict[str, Any]]:
    """The Store Instances Response Module, table I.1-1; what has no UIDs of its own is an Other Failure."""
    studies = {instance.study_instance_uid for instance in stored}
    named = [problem for problem in failed if is_uid(problem.sop_instance_uid)]
    others = [problem for problem in failed if not is_uid(problem.sop_instance_uid)]
    module: Dict[str, Dict[str, Any]] = {
        "00081190": _value("UR", f"{archive.url}/studies/{studies.pop()}") if len(studies) == 1 else {"vr": "UR"}
    }
    if named:
        module["00081198"] = _sequence([{**_reference(one), **_failure(one)} for one in named])
    if stored:
        module["00081199"] = _sequence([{**_reference(one), "00081190": _value("UR", one.url)} for one in stored])
    if others:
        module["0008119A"] = _sequence([_failure(one) for one in others])
    return module


def _reference(instance: Any) -> Dict[str, Any]:
    return {
        "00081150": _value("UI", instance.sop_class_uid),
        "00081155": _value("UI", instance.sop_instance_uid),
    }


def _failure(problem: NotAnInstance) -> Dict[str, Any]:
    return {"00081197": _value("US", problem.failure_reason)}


def _value(vr: str, value: Any) -> Dict[str, Any]:
    return {"vr": vr, "Value": [value]}


def _sequence(items: List[Dict[str, Any]]) -> Dict[str, Any]:
    return {"vr": "SQ", "Value": items}


def _respond(status: int, content_type: str, module: Mapping[str, Any]) -> Response:
    if content_type == _JSON:
        return Response.of_json(status, module)
    return Response.of_bytes(status, to_xml(module), _XML)
