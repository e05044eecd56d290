"""Methods for authentication. Secrets come over standard input only, and none is ever sent back."""

from __future__ import annotations

import threading
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Dict, Optional

from .jobs import Job, OnCancel
from .methods import Method, Object
from .values import method_as_dict, method_from_dict

if TYPE_CHECKING:
    from ..auth.sign_in import SignIn
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    authentication = AuthMethods(service)
    return {
        "auth.list": Method(authentication.list),
        "auth.add": Method(authentication.add),
        "auth.update": Method(authentication.update),
        "auth.remove": Method(authentication.remove),
        "auth.status": Method(authentication.status),
        "auth.discover": Method(authentication.discover, "server"),
        "auth.set_secret_header": Method(authentication.set_secret_header),
        "auth.set_proxy_password": Method(authentication.set_proxy_password),
        "auth.sign_in": Method(authentication.sign_in, "sign-in", OnCancel.LET_IT_END),
        "auth.sign_out": Method(authentication.sign_out, "server"),
    }


class AuthMethods:
    """Each gives a JSON value; a method is given by name or uid."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def list(self, job: Job) -> Object:
        """Items: {"method", "status"}. Result: where secrets are kept, and what is in the file and cannot be used."""
        authentication = self._service.authentication
        for method in authentication.methods.methods():
            job.tell(
                "items", {"method": method_as_dict(method), "status": asdict(authentication.status_or_problem(method))}
            )
        damaged = authentication.methods.set_aside
        return {
            "secrets": authentication.secrets.place,
            "secrets_last": authentication.secrets.lasts,
            "unusable": [[name, reason] for name, reason in authentication.methods.unusable()[:100]],
            "damaged": damaged.told if damaged else "",
        }

    def add(self, job: Job, *, method: Object, secret: str = "") -> Object:
        added = method_from_dict(method)
        self._service.authentication.add(added, secret)
        return method_as_dict(added)

    def update(self, job: Job, *, uid: str, method: Object, secret: Optional[str] = None) -> Object:
        """``secret`` null: as it was."""
        after = method_from_dict(method)
        updated = self._service.authentication.update(uid, lambda before: replace(after, uid=before.uid))
        if secret is not None:
            self._service.authentication.set_secret(updated, secret)
        return method_as_dict(updated)

    def remove(self, job: Job, *, method: str) -> Object:
        return method_as_dict(self._service.authentication.remove(method))

    def status(self, job: Job, *, method: str) -> Object:
        return asdict(self._service.authentication.status(method))

    def discover(self, job: Job, *, method: Object) -> Object:
        """The method, which need not be saved, with the endpoints that its issuer tells."""
        return method_as_dict(self._service.authentication.discovered(method_from_dict(method)))

    def set_proxy_password(self, job: Job, *, node: str, password: str) -> None:
        self._service.authentication.of_nodes.set_proxy_password(self._service.nodes.get(node), password)

    def set_secret_header(self, job: Job, *, node: str, name: str, value: str) -> None:
        self._service.authentication.set_secret_header(self._service.nodes.get(node), name, value)

    def sign_in(self, job: Job, *, method: str, device: bool = False, words: Optional[Object] = None) -> Object:
        """Value of "prompt": {"url", "user_code", "short_url"}, for the person. It ends when the person is done.

        ``words``: the texts of this library in the person's language, for the page that the browser shows then.
        """
        from ..auth.pages import Pages

        pages = Pages({template: str(text) for template, text in (words or {}).items()})
        changed = threading.Event()

        def tell(sign_in: SignIn) -> None:
            if sign_in.prompt is not None and not changed.is_set():
                changed.set()
                job.show("prompt", asdict(sign_in.prompt))
                job.outbox.flush()

        sign_in = self._service.authentication.sign_in(method, device=device, on_change=tell, pages=pages)
        job.control.on_cancel(sign_in.cancel)
        return {"account": sign_in.wait()}

    def sign_out(self, job: Job, *, method: str) -> str:
        """What happened, in words."""
        return self._service.authentication.sign_out(method)
