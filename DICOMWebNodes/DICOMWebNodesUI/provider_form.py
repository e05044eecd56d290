"""The URL of a node as its provider's form: what is filled in makes the URL, and a URL fills it in."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional

import qt
from DICOMWebNodesHost.sentences import translated
from DICOMWebNodesLib.dicomweb.profile import Profile, owner_of, profile_named, profile_of, profiles
from DICOMWebNodesLib.dicomweb.url_form import ANY_URL, Part
from DICOMWebNodesLib.dicomweb.url_hint import hint_about
from DICOMWebNodesLib.errors import DICOMWebNodesError, InvalidURL
from DICOMWebNodesLib.nodes.url import normalise_base_url
from slicer.i18n import tr as _

from . import form
from .field_problems import marked
from .part_chooser import parts_in

_SCHEMES = ("https", "http")


class ProviderForm:
    """On the node editor's widgets ``profile``, ``url`` and those of ``providerBox``.

    ``changed`` is called when a part was edited, after the URL has followed.
    """

    def __init__(self, ui: Any, changed: Callable[[], None]) -> None:
        self.fields: Dict[str, Any] = {}
        self._problems: Dict[str, Any] = {}  # labels below the fields
        self._ui = ui
        self._changed = changed
        self._inner: Any = None
        self._is_source = False  # whether the URL follows the parts, and not the other way round
        self._touched: Dict[str, bool] = {}
        ui.profile.addItem(_("recognised by the URL"), "")
        for profile in profiles().values():
            ui.profile.addItem(translated(profile.title), profile.name)
        layout = qt.QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        ui.partsPlace.setLayout(layout)
        ui.documentationButton.clicked.connect(self._open_documentation)
        ui.formButton.clicked.connect(self._use_form)

    def connect(self) -> None:
        """From now on it follows what a person does; to be called once the node is shown."""
        self._build()
        self._ui.profile.currentIndexChanged.connect(lambda index: self._provider_chosen())
        self._ui.url.textChanged.connect(lambda text: self._url_changed())

    # --- what is chosen ---------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> Optional[Profile]:
        """None: it is recognised by the URL."""
        name = self._ui.profile.currentData
        return profile_named(name) if name else None

    def profile(self) -> Profile:
        """The kind of server that is chosen, else that of the URL."""
        return self.chosen or self._recognised() or profile_named("generic")

    def problem(self) -> Optional[DICOMWebNodesError]:
        """Why the parts that a person has begun to fill in make no URL."""
        if not self._is_source or self.chosen is None:
            return None
        return next(iter(self.chosen.form.problems(self.values()).values()), None)

    def values(self) -> Dict[str, str]:
        return {
            name: field.currentText if isinstance(field, qt.QComboBox) else field.text
            for name, field in self.fields.items()
        }

    def tell(self) -> None:
        """What the kind of server means for whoever fills this in."""
        chosen, recognised = self.chosen, self._recognised()
        self._ui.providerBox.visible = chosen is not None
        if chosen is not None:
            self._ui.providerBox.title = translated(chosen.title)
            self._ui.providerHelp.text = translated(chosen.help)
        self._ui.url.placeholderText = self.profile().form.example
        self._ui.documentationButton.visible = bool(self.profile().link)
        self._ui.documentationButton.toolTip = self.profile().link
        has_form = recognised is not None and recognised.form is not ANY_URL
        self._ui.formButton.visible = chosen is None and has_form

    def hint(self) -> str:
        """What is to be said about the URL: why it is none, what it looks like. Raises InvalidURL."""
        chosen = self.chosen
        if not self._ui.url.text.strip():
            return (
                _("It follows from what is filled in above.")
                if self.fields
                else translated(profile_named("generic").help)
            )
        url = normalise_base_url(self._ui.url.text)
        likely = hint_about(url)
        if likely is not None:
            return translated(likely)
        if chosen is None:
            recognised = profile_of(url)
            return f"{translated(recognised.title)}: {translated(recognised.help)}"
        if chosen.form is ANY_URL or parts_in(chosen, url):
            return ""
        text = _("This is not the usual URL of {provider}, which looks like {example}")
        return text.format(provider=translated(chosen.title), example=chosen.form.example)

    def _recognised(self) -> Optional[Profile]:
        """Also by a URL that is not typed to its end."""
        try:
            url = normalise_base_url(self._ui.url.text)
        except InvalidURL:
            return None
        return owner_of(url) or profile_of(url)

    # --- the two ways -----------------------------------------------------------------------------------------------

    def _provider_chosen(self) -> None:
        self._build()
        self._changed()

    def _url_changed(self) -> None:
        """By hand, or chosen from a list: the parts follow."""
        self._is_source = False
        if self.chosen is not None:
            self._show(parts_in(self.chosen, self._ui.url.text))

    def _part_changed(self, name: str) -> None:
        assert self.chosen is not None
        self._is_source = True
        self._touched[name] = True
        problems = self.chosen.form.problems(self.values())
        self._tell_problems(problems)
        if not problems:
            blocker = qt.QSignalBlocker(self._ui.url)
            self._ui.url.text = self.chosen.url_from(self.values())
            blocker.unblock()
        self._changed()

    def _use_form(self, _checked: bool = False) -> None:
        """Fill in the form of the provider that the URL looks like."""
        recognised = self._recognised()
        if recognised is not None:
            self._ui.profile.setCurrentIndex(self._ui.profile.findData(recognised.name))
            next(iter(self.fields.values())).setFocus()

    def _open_documentation(self, _checked: bool = False) -> None:
        qt.QDesktopServices.openUrl(qt.QUrl(self.profile().link))

    # --- the parts --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        """A row for each part of the chosen provider's URL, filled in as far as the URL tells."""
        if self._inner is not None:
            self._ui.partsPlace.layout().removeWidget(self._inner)
            self._inner.setParent(None)
        self._inner = qt.QWidget()
        self.fields, self._problems, self._touched, self._is_source = {}, {}, {}, False
        rows = form.rows()
        chosen = self.chosen
        for part in chosen.form.parts if chosen is not None and chosen.form is not ANY_URL else ():
            self._add_row(rows, part)
        self._inner.setLayout(rows)
        self._ui.partsPlace.layout().addWidget(self._inner)
        previous = self._ui.documentationButton
        for field in self.fields.values():
            qt.QWidget.setTabOrder(previous, field)
            previous = field
        if chosen is not None:
            self._show(parts_in(chosen, self._ui.url.text))

    def _add_row(self, rows: Any, part: Part) -> None:
        field, problem = _field(part), qt.QLabel()
        label = qt.QLabel(_("{label}:").format(label=translated(part.label)))
        label.setBuddy(field)
        rows.addRow(label, field)
        problem.setTextFormat(qt.Qt.PlainText)
        problem.wordWrap = True
        problem.setSizePolicy(qt.QSizePolicy.Expanding, qt.QSizePolicy.Minimum)
        problem.visible = False
        rows.addRow(problem)
        self.fields[part.name], self._problems[part.name] = field, problem
        changed = field.currentIndexChanged if isinstance(field, qt.QComboBox) else field.textChanged
        changed.connect(lambda value, name=part.name: self._part_changed(name))

    def _show(self, values: Mapping[str, str]) -> None:
        """``values``: the parts of a URL; none, when it is not of this form, empties nothing."""
        for name, value in values.items():
            field = self.fields.get(name)
            if field is not None:
                blocker = qt.QSignalBlocker(field)
                if isinstance(field, qt.QComboBox):
                    field.setCurrentIndex(max(0, field.findText(value)))
                else:
                    field.text = value
                blocker.unblock()
        if values:
            self._tell_problems({})

    def _tell_problems(self, problems: Mapping[str, Any]) -> None:
        """At each field that somebody has typed into."""
        for name, label in self._problems.items():
            problem = problems.get(name) if self._touched.get(name) else None
            label.text = marked(problem)
            label.visible = problem is not None


def _field(part: Part) -> Any:
    if part.name == "scheme":
        field = qt.QComboBox()
        for scheme in _SCHEMES:
            field.addItem(scheme)
        field.setCurrentIndex(max(0, field.findText(part.default)))
    else:
        field = qt.QLineEdit(part.default)
        field.placeholderText = part.example
    field.toolTip = translated(part.help)
    return field
