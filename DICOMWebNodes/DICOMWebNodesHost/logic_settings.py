"""The logic's part for what a person can set, and for reports to whoever helps."""

from dataclasses import dataclass
from typing import Optional

from . import settings
from .job import Job
from .logic_base import Host, LogicBase


@dataclass(frozen=True)
class SecretsPlace:
    """Where secrets are kept, in words; whether they outlive this session; whether it is the file."""

    place: str
    lasts: bool
    file: bool


class SettingsLogic(LogicBase):
    def __init__(self, host: Host) -> None:
        super().__init__(host)
        settings.listen(self)
        self.settingsChanged()

    @property
    def settings(self) -> settings.Settings:
        return settings.readSettings(self._host.setting)

    def startSecrets(self, file: Optional[bool] = None) -> Job:
        """Where secrets are kept; ``file`` moves them into the file that only the user can read, or out of it."""
        return self._start("secrets", "secrets", {"file": file}, conclude=lambda result, items: SecretsPlace(**result))

    def secrets(self, file: Optional[bool] = None) -> SecretsPlace:
        return self.wait(self.startSecrets(file))

    def startDiagnostics(self) -> Job:
        """Text with versions, nodes without secrets, and the last errors."""
        return self._start("diagnostics", "diagnostics", {"more": dict(self._host.versions())})

    def diagnostics(self) -> str:
        return self.wait(self.startDiagnostics())

    def settingsChanged(self) -> None:
        """Tell the worker, also the next one."""
        self._client.configure(self.settings.forWorker())
