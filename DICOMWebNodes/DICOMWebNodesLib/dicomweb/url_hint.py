"""What a base URL looks like that was copied from somewhere else: the address of a study, of a server's start page."""

from __future__ import annotations

import re
from typing import Optional
from urllib.parse import urlsplit

from ..text import Text
from .profile import owner_of, profile_of

# Resources of PS3.18 tables 10.1-1 and 10.1-2: below a collection comes nothing, or a UID and what it has.
_RESOURCE = re.compile(r"(.*?)/(studies|series|instances)(/[0-9][0-9.]*(/.*)?)?")
_START_PAGE = re.compile(r"(.*?)/(app/explorer\.html|ui/app(/.*)?)")  # of Orthanc


def hint_about(url: str) -> Optional[Text]:
    """Which base URL is probably meant instead of the normalised ``url``; None when it may well be one.

    No more than a hint: a service may be anywhere.
    """
    likely = _without_resource(url)
    if likely != url and not _is_orthanc_itself(likely):
        return Text(
            "This looks like the address of something in a service. The URL of a node is what stands in front of "
            "/studies: {url}",
            url=likely,
        )
    if _is_orthanc_itself(likely):
        return Text("Orthanc itself is there; its DICOMweb service is usually at {url}", url=f"{likely}/dicom-web")
    owner = owner_of(url)
    if owner is not None and profile_of(url) is not owner:
        return Text(
            "This is not the usual URL of {provider}, which looks like {example}",
            provider=owner.title,
            example=owner.form.example,
        )
    return None


def _without_resource(url: str) -> str:
    for pattern in (_RESOURCE, _START_PAGE):
        found = pattern.fullmatch(urlsplit(url).path)
        if found:
            return url[: len(url) - len(found.string) + len(found.group(1))]
    return url


def _is_orthanc_itself(url: str) -> bool:
    return not urlsplit(url).path and profile_of(f"{url}/").name == "orthanc"
