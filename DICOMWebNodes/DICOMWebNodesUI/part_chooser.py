"""The parts of a provider's URL, chosen one after the other from what the provider lists for whoever is signed in."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

import qt
from DICOMWebNodesHost.sentences import told, translated
from DICOMWebNodesLib.dicomweb.profile import Profile
from DICOMWebNodesLib.errors import DICOMWebNodesError
from slicer.i18n import tr as _

from . import form
from .follow import follow
from .opened import Dialog
from .sign_in_panel import SignInPanel


def lists_something(profile: Profile) -> bool:
    """Whether there is anything to choose from."""
    return any(part.choices is not None for part in profile.form.parts)


def parts_in(profile: Profile, url: str) -> Mapping[str, str]:
    """The parts of a URL of the profile's form; none when it has another one."""
    try:
        return profile.parts_of(url)
    except DICOMWebNodesError:
        return {}


class PartChooser(Dialog):
    """When it is accepted, :attr:`url` is made of :meth:`values`; :attr:`method` is the uid of the method.

    ``methods``: ListedMethods; ``method``: uid of the one that is chosen at first; ``values``: parts that are known;
    ``proxy``, ``proxy_user``, ``ca_file``: the node's; ``proxy_password``: typed, else the one that is kept.
    What a list does not show can be typed.
    """

    WAITING = ("sign_in_panel",)

    def __init__(
        self,
        logic: Any,
        profile: Profile,
        methods: Sequence[Any],
        *,
        method: str = "",
        values: Optional[Mapping[str, str]] = None,
        proxy: str = "",
        ca_file: str = "",
        proxy_user: str = "",
        proxy_password: str = "",
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._logic = logic
        self._profile = profile
        self._way = (proxy, ca_file, proxy_user, proxy_password)
        self._parts = [part for part in profile.form.parts if part.choices is not None]
        self._known = dict(values or {})
        self._listed = {each.method.uid: each for each in methods}
        self._asked: Tuple[str, ...] = ()  # of what the list under way depends on
        self._job: Any = None
        self.combos: Dict[str, Any] = {}
        self.windowTitle = _("Choose from {provider}").format(provider=translated(profile.title))
        self._build()
        self._fill_methods(methods, method)
        self._before = self.values()
        self._check()
        self._list(0)
        form.give_size(self, 70, 20)

    @property
    def method(self) -> str:
        return self.methods.currentData or ""

    @property
    def url(self) -> str:
        """Raises InvalidNode."""
        return self._profile.url_from(self.values())

    def values(self) -> Dict[str, str]:
        """The parts as they are chosen or typed, whether they are right or not."""
        return {**self._known, **{part.name: _value(self.combos[part.name]) for part in self._parts}}

    # --- building ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        rows, row = form.rows(), qt.QHBoxLayout()
        self.methods, self.sign_in_button = qt.QComboBox(), qt.QPushButton(_("&Sign in..."))
        _keep_narrow(self.methods)
        row.addWidget(self.methods, 1)
        row.addWidget(self.sign_in_button)
        _add_row(rows, _("&Authentication:"), row, self.methods)
        for index, part in enumerate(self._parts):
            combo = qt.QComboBox()
            combo.setEditable(True)
            combo.setInsertPolicy(qt.QComboBox.NoInsert)
            _keep_narrow(combo)
            combo.lineEdit().placeholderText = part.example
            combo.setEditText(self._known.get(part.name, ""))
            combo.currentIndexChanged.connect(lambda _row, index=index: self._chosen(index))
            combo.lineEdit().editingFinished.connect(lambda index=index: self._chosen(index))
            combo.editTextChanged.connect(lambda text: self._check())
            self.combos[part.name] = combo
            _add_row(rows, _("{label}:").format(label=translated(part.label)), combo, combo)
        self.told = qt.QLabel()
        self.told.wordWrap = True
        self.told.setTextFormat(qt.Qt.PlainText)
        self.buttons = qt.QDialogButtonBox()
        self.buttons.setStandardButtons(qt.QDialogButtonBox.Ok | qt.QDialogButtonBox.Cancel)
        self.sign_in_panel = SignInPanel()
        form.put_scrolled(self, [rows, self.told], self.sign_in_panel, self.buttons)
        self.methods.currentIndexChanged.connect(lambda _row: self._list(0))
        self.sign_in_button.clicked.connect(self.sign_in)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _fill_methods(self, methods: Sequence[Any], chosen: str) -> None:
        blocker = qt.QSignalBlocker(self.methods)
        for each in methods:
            account = _(" ({account})").format(account=each.status.account) if each.status.account else ""
            self.methods.addItem(f"{each.method.name}{account}", each.method.uid)
        self.methods.setCurrentIndex(max(0, self.methods.findData(chosen)))
        blocker.unblock()

    # --- listing ----------------------------------------------------------------------------------------------------

    def _chosen(self, index: int) -> None:
        """Ask for the next part, unless that is under way or done already; another choice empties what follows it."""
        following = index + 1
        name = self._parts[index].name
        if self.values()[name] != self._before[name]:
            for part in self._parts[following:]:
                self._show(self.combos[part.name], ())
        self._before = self.values()
        if following < len(self._parts) and self._basis(following) != self._asked:
            self._list(following)
        self._check()

    def _basis(self, index: int) -> Tuple[str, ...]:
        values = self.values()
        return (self.method, *(values[part.name] for part in self._parts[:index]))

    def _list(self, index: int) -> None:
        """Ask what the part can be, when all before it are right."""
        self._asked = self._basis(index)
        before = self._parts[:index]
        values = self.values()
        if self._job is not None:
            self._job.cancel()
        self.sign_in_button.enabled = self._can_sign_in()
        if not self.method:
            self.told.text = _("Add an authentication method for this provider first, and sign in with it.")
            return
        if any(part.problem(values[part.name]) is not None for part in before):
            return
        part = self._parts[index]
        self.told.text = _("Asking for {label}...").format(label=translated(part.label))
        known = {name: value for name, value in values.items() if value}
        self._job = self._logic.startChoices(self._profile.name, part.name, known, self.method, *self._way)
        follow(self._job, lambda choices: self._listed_now(index, choices), self._failed, self._jobs)

    def _listed_now(self, index: int, choices: Sequence[Any]) -> None:
        part = self._parts[index]
        none = _("There is no {label} that you may see; it can be typed.").format(label=translated(part.label))
        self.told.text = "" if choices else none
        combo = self.combos[part.name]
        self._show(combo, choices, _value(combo))
        self._chosen(index)

    def _show(self, combo: Any, choices: Sequence[Any], chosen: str = "") -> None:
        """A single choice is made at once; what is typed already stays."""
        blocker = qt.QSignalBlocker(combo)
        combo.clear()
        for choice in choices:
            combo.addItem(f"{choice.title} ({choice.value})" if choice.title else choice.value, choice.value)
        row = combo.findData(chosen) if chosen else (0 if len(choices) == 1 else -1)
        combo.setCurrentIndex(row)
        if row < 0:
            combo.setEditText(chosen)
        combo.lineEdit().setCursorPosition(0)
        blocker.unblock()

    def _failed(self, error: BaseException) -> None:
        self.told.text = told(error)

    def _check(self) -> None:
        values = self.values()
        right = not any(part.problem(values[part.name]) is not None for part in self._parts)
        self.buttons.button(qt.QDialogButtonBox.Ok).enabled = right

    # --- signing in -------------------------------------------------------------------------------------------------

    def _can_sign_in(self) -> bool:
        listed = self._listed.get(self.method)
        return listed is not None and listed.method.needs_person and not self.sign_in_panel.is_busy

    def sign_in(self, _checked: bool = False) -> None:
        job = self._logic.startSignIn(self.method)
        self.told.text = ""
        self.sign_in_panel.watch(job, self._listed[self.method].method.name)
        self.sign_in_button.enabled = False
        follow(job, lambda account: self._list(0), self._failed, self._jobs, self._sign_in_ended)

    def _sign_in_ended(self) -> None:
        self.sign_in_button.enabled = self._can_sign_in()


def _add_row(rows: Any, text: str, field: Any, buddy: Any) -> None:
    label = qt.QLabel(text)
    label.setBuddy(buddy)
    rows.addRow(label, field)


def _keep_narrow(combo: Any) -> None:
    """A long name is cut off in the combo box, not at the edge of the window."""
    combo.setSizeAdjustPolicy(qt.QComboBox.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(12)
    combo.setSizePolicy(qt.QSizePolicy.Expanding, qt.QSizePolicy.Fixed)


def _value(combo: Any) -> str:
    """What is chosen, or else typed."""
    row = combo.currentIndex
    if row >= 0 and combo.itemText(row) == combo.currentText:
        return combo.itemData(row)
    return combo.currentText.strip()
