"""A real Keycloak for the time of a test, fetched from Maven Central on first use.

Maven brings the distribution, from wherever this machine's Maven settings say; it stays in ``.cache`` of the
repository. Keycloak runs in development mode on 127.0.0.1, its database in memory.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path
from typing import Any, List, Mapping, Optional, Sequence

from canary import canary
from DICOMWebNodesLib.storage.file_lock import FileLock
from keycloak_realm import REALM, realm
from server_process import ServerProcess

VERSION = "26.4.7"
_ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
_MAVEN_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_CACHE = Path(__file__).resolve().parent.parent / ".cache"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotHere(Exception):
    """What is missing, and how to get it."""


def installation() -> Path:
    """The folder of Keycloak, ready to start. Raises NotHere."""
    if not shutil.which("java"):
        raise NotHere("Java is not here: 'apt-get install openjdk-17-jre-headless' brings it, and Keycloak needs it")
    folder = _CACHE / f"keycloak-{VERSION}"
    _CACHE.mkdir(exist_ok=True)
    with FileLock(_CACHE / "keycloak.lock", timeout=600):
        if not (folder / "ready").exists():
            _install(folder)
    return folder


def _install(folder: Path) -> None:
    """Fetch, unpack, and start once, which builds what every later start finds built."""
    archive = _CACHE / f"keycloak-quarkus-dist-{VERSION}.zip"
    if not archive.exists():
        _fetch()
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(_CACHE)
    for script in (folder / "bin").glob("*.sh"):
        script.chmod(0o755)
    with Keycloak(folder, with_realm=False):
        pass
    (folder / "ready").touch()


def _fetch() -> None:
    if not shutil.which("mvn"):
        raise NotHere("Maven is not here: 'apt-get install maven' brings it, and it brings Keycloak")
    copy = ["mvn", "--batch-mode", "--quiet", f"{_MAVEN_PLUGIN}:copy", f"-Dartifact={_ARTIFACT}"]
    fetched = subprocess.run([*copy, f"-DoutputDirectory={_CACHE}"], capture_output=True, text=True, check=False)
    if fetched.returncode:
        errors = [line for line in fetched.stdout.splitlines() if "ERROR" in line]
        raise NotHere(f"Maven does not bring Keycloak: {' '.join(errors[:1])[:300]}")


class Keycloak(ServerProcess):
    """``folder``: where it is installed. With a realm: see :mod:`keycloak_realm`."""

    NAME = "Keycloak"
    START_SECONDS = 240.0  # a busy machine with two cores needs a minute; the very first start builds Keycloak
    POLITE_SECONDS = 20.0

    def __init__(self, folder: Path, *, with_realm: bool = True) -> None:
        super().__init__()
        self._installation = folder
        self._with_realm = with_realm
        self._admin_password = canary("keycloak-admin")
        self.password = canary("keycloak-user")  # of the user "ada"
        self.client_secret = canary("keycloak-client")  # of all confidential clients

    def prepare(self) -> None:
        if self._with_realm:
            self._admin("POST", "", realm(self.password, self.client_secret))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/realms/{REALM}"

    @property
    def userinfo_endpoint(self) -> str:
        """Answers 200 to a valid token with the scope openid, 401 to all others (OpenID Connect Core section 5.3)."""
        return f"{self.issuer}/protocol/openid-connect/userinfo"

    # --- what an administrator does ---

    def end_sessions(self) -> None:
        """Sign everybody out."""
        self._admin("POST", f"/{REALM}/logout-all")

    def events(self, kind: str) -> List[Mapping[str, Any]]:
        """What Keycloak has noted, "REFRESH_TOKEN" for example; errors end in "_ERROR"."""
        return json.loads(self._admin("GET", f"/{REALM}/events?max=1000&type={kind}"))

    def _admin(self, method: str, path: str, content: Optional[Mapping[str, Any]] = None) -> bytes:
        request = urllib.request.Request(f"{self.url}/admin/realms{path}", method=method)
        request.add_header("Authorization", f"Bearer {self._admin_token()}")
        if content is not None:
            request.data = json.dumps(content).encode()
            request.add_header("Content-Type", "application/json")
        with _DIRECT.open(request, timeout=60) as answer:
            return answer.read()

    def _admin_token(self) -> str:
        form = {
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": "admin",
            "password": self._admin_password,
        }
        endpoint = f"{self.url}/realms/master/protocol/openid-connect/token"
        with _DIRECT.open(endpoint, urllib.parse.urlencode(form).encode(), timeout=60) as answer:
            return json.load(answer)["access_token"]

    # --- the process ---

    def command(self) -> Sequence[str]:
        script = str(self._installation / "bin" / "kc.sh")
        return [script, "start-dev", "--db=dev-mem", "--http-host=127.0.0.1", f"--http-port={self.port}"]

    def environment(self) -> Mapping[str, str]:
        """Passwords come through the environment because Keycloak takes the first one from nowhere else."""
        return {
            **os.environ,
            "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
            "KC_BOOTSTRAP_ADMIN_PASSWORD": self._admin_password,
            "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m",
            "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1",  # a start in half the time, for a server that lives a minute
        }

    def has_started(self) -> bool:
        try:
            with _DIRECT.open(f"{self.url}/realms/master", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False
