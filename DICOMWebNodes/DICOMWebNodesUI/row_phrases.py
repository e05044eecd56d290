"""What the rows of patients and studies say, translated once for all rows of a search.

Slicer looks for the file that asks each time that something is translated, a tenth of a millisecond: for the half dozen
phrases of each of ten thousand studies that was more than all else.
"""

from __future__ import annotations

from slicer.i18n import tr as _


class Phrases:
    def __init__(self) -> None:
        self.nameless = _("(no name)")
        self.name_and_id = _("{name}  ({id})")
        self.name_and_birth = _("{name}, born {date}")
        self.study = _("Study {id}")
        self.one_study = _("1 study")
        self.studies = _("{n} studies")
        self.looking_for_series = _("looking for its series...")
        self.looking_for_instances = _("looking for its instances...")
