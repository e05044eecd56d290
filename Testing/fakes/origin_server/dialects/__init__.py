"""Each server of the field as its documentation or its source describes it, by the name of the provider's profile.

A dialect is made anew for each server: some behaviours remember what they have seen.
"""

from __future__ import annotations

from typing import Callable, Mapping

from ..dialect import Dialect
from . import (
    aws_healthimaging,
    azure,
    dcm4chee,
    generic,
    google,
    healthlake_proxy,
    kaapana,
    orthanc,
    static_dicomweb,
)

DIALECTS: Mapping[str, Callable[[], Dialect]] = {
    "generic": generic.dialect,
    "orthanc": orthanc.dialect,
    "dcm4chee": dcm4chee.dialect,
    "google": google.dialect,
    "azure": azure.dialect,
    "aws-healthimaging": aws_healthimaging.dialect,
    "healthlake-proxy": healthlake_proxy.dialect,
    "kaapana": kaapana.dialect,
    "static-dicomweb": static_dicomweb.dialect,
}
