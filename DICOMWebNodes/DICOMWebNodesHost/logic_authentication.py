"""The logic's part for authentication. Secrets go one way: to the worker, over its standard input."""

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Optional, Tuple, Union

from DICOMWebNodesLib.auth.method import AuthMethod
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.worker.values import method_as_dict, method_from_dict

from .job import Job
from .logic_base import LogicBase
from .logic_nodes import NodeName, nameOf
from .signal import Signal


@dataclass(frozen=True)
class ListedMethod:
    """An authentication method and where it stands."""

    method: AuthMethod
    status: AuthStatus


MethodName = Union[str, AuthMethod, ListedMethod]
"""Name or uid, or what stands for it: a value counts as the method with its uid."""


@dataclass(frozen=True)
class Prompt:
    """What a person has to do: open ``url``; with a device code, enter ``user_code`` there or at ``short_url``."""

    url: str = field(repr=False)
    user_code: str = field(default="", repr=False)
    short_url: str = ""


class SignInJob(Job):
    """Its value is the account's name, "" when the provider does not tell."""

    def __init__(self, openURL: Callable[[str], Any]) -> None:
        super().__init__("sign in", conclude=lambda result, items: result["account"])
        self.prompt: Optional[Prompt] = None
        self.prompted = Signal()
        self._openURL = openURL

    def _told(self, name: str, value: Any) -> None:
        if name == "prompt":
            self.prompt = Prompt(**value)
            self.prompted.emit(self.prompt)
            self._openURL(self.prompt.url)
        else:
            super()._told(name, value)


class AuthenticationLogic(LogicBase):
    def startAuthenticationMethods(self) -> Job:
        return self._start("authentication methods", "auth.list", {}, _listed, lambda result, methods: tuple(methods))

    def authenticationMethods(self) -> Tuple[ListedMethod, ...]:
        return self.wait(self.startAuthenticationMethods())

    def startAddMethod(self, method: AuthMethod, secret: str = "") -> Job:
        params = {"method": method_as_dict(method), "secret": secret}
        return self._changeMethod("add authentication", "auth.add", params)

    def addMethod(self, method: AuthMethod, secret: str = "") -> AuthMethod:
        return self.wait(self.startAddMethod(method, secret))

    def startUpdateMethod(self, uid: MethodName, method: AuthMethod, secret: Optional[str] = None) -> Job:
        """``secret`` None: as it was."""
        params = {"uid": methodName(uid), "method": method_as_dict(method), "secret": secret}
        return self._changeMethod("update authentication", "auth.update", params)

    def updateMethod(self, uid: MethodName, method: AuthMethod, secret: Optional[str] = None) -> AuthMethod:
        return self.wait(self.startUpdateMethod(uid, method, secret))

    def startRemoveMethod(self, method: MethodName) -> Job:
        return self._changeMethod("remove authentication", "auth.remove", {"method": methodName(method)})

    def removeMethod(self, method: MethodName) -> AuthMethod:
        return self.wait(self.startRemoveMethod(method))

    def startMethodStatus(self, method: MethodName) -> Job:
        return self._start(
            "authentication status",
            "auth.status",
            {"method": methodName(method)},
            conclude=lambda result, items: AuthStatus(**result),
        )

    def methodStatus(self, method: MethodName) -> AuthStatus:
        return self.wait(self.startMethodStatus(method))

    def startDiscover(self, method: AuthMethod) -> Job:
        """The method with the endpoints that its issuer tells; it need not be saved."""
        return self._start(
            "discover endpoints",
            "auth.discover",
            {"method": method_as_dict(method)},
            conclude=lambda result, items: method_from_dict(result),
        )

    def discover(self, method: AuthMethod) -> AuthMethod:
        return self.wait(self.startDiscover(method))

    def startSetSecretHeader(self, node: NodeName, name: str, value: str) -> Job:
        params = {"node": nameOf(node), "name": name, "value": value}
        return self._start("secret header", "auth.set_secret_header", params)

    def setSecretHeader(self, node: NodeName, name: str, value: str) -> None:
        self.wait(self.startSetSecretHeader(node, name, value))

    def startSetProxyPassword(self, node: NodeName, password: str) -> Job:
        """For the ``proxy_user`` of the node; "" forgets it."""
        return self._start("proxy password", "auth.set_proxy_password", {"node": nameOf(node), "password": password})

    def setProxyPassword(self, node: NodeName, password: str) -> None:
        self.wait(self.startSetProxyPassword(node, password))

    def startSignIn(self, method: MethodName, device: bool = False, openBrowser: bool = True) -> SignInJob:
        job = SignInJob(self._host.openURL if openBrowser else lambda url: None)
        job.finished.connect(lambda job: self.authenticationChanged.emit())
        self._tellStart(job)
        job.begin(
            self._client,
            "auth.sign_in",
            {"method": methodName(method), "device": device, "words": dict(self._host.texts())},
        )
        return job

    def signIn(self, method: MethodName, device: bool = False, openBrowser: bool = True) -> str:
        return self.wait(self.startSignIn(method, device, openBrowser))

    def startSignOut(self, method: MethodName) -> Job:
        return self._start("sign out", "auth.sign_out", {"method": methodName(method)}, then=self.authenticationChanged)

    def signOut(self, method: MethodName) -> str:
        return self.wait(self.startSignOut(method))

    def _changeMethod(self, name: str, method: str, params: Dict[str, Any]) -> Job:
        return self._start(
            name,
            method,
            params,
            conclude=lambda result, items: method_from_dict(result),
            then=self.authenticationChanged,
        )


def methodName(method: MethodName) -> str:
    """What the list knows it by."""
    method = method.method if isinstance(method, ListedMethod) else method
    return method.uid if isinstance(method, AuthMethod) else str(method)


def _listed(item: Dict[str, Any]) -> ListedMethod:
    return ListedMethod(method_from_dict(item["method"]), AuthStatus(**item["status"]))
