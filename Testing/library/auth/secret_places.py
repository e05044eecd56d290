"""Places for secrets: a keyring that the test holds in its hand, and a file."""

from canary import canary
from DICOMWebNodesLib.auth.file_secrets import FileSecrets


class Backend:
    """A keyring backend as keyring defines it; ``longest`` is what one entry takes, as on Windows."""

    name = "Test keyring"
    priority = 5

    def __init__(self, longest=None):
        self.entries = {}
        self.longest = longest
        self.broken = False

    def _check(self):
        if self.broken:
            raise RuntimeError(f"locked: {canary('keyring-internals')}")

    def get_password(self, service, name):
        self._check()
        assert service == "DICOMWebNodes"
        return self.entries.get(name)

    def set_password(self, service, name, password):
        self._check()
        if self.longest is not None and len(password.encode("utf-16-le")) > self.longest:
            raise OSError("CredWrite: the stub received bad data")
        self.entries[name] = password

    def delete_password(self, service, name):
        self._check()
        if name not in self.entries:
            raise KeyError(name)
        del self.entries[name]


def in_file(tmp_path):
    store = FileSecrets(tmp_path / "secrets" / "secrets.json")
    store.create()
    return store
