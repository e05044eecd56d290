"""A person who fills in login forms over HTTP: the browser's part in front of a real provider."""

from __future__ import annotations

import http.cookiejar
import threading
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from typing import Dict, List, Mapping, Optional, Tuple

_MOST_FORMS = 6


class Person:
    """Called with a URL it goes there in a thread of its own and submits every form, with ``fields`` filled in.

    ``page`` is where it ended. ``press``: the buttons to press, by name.
    """

    def __init__(self, fields: Mapping[str, str], press: Tuple[str, ...] = ("accept",)) -> None:
        self.page = ""
        self._fields = fields
        self._press = press
        self._thread: Optional[threading.Thread] = None
        # As browsers do: secure cookies go to this computer without TLS too.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("https", "http"))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(policy))
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def __call__(self, url: str) -> bool:
        self._thread = threading.Thread(target=self.visit, args=(url,), daemon=True)
        self._thread.start()
        return True

    def wait(self) -> str:
        if self._thread is not None:
            self._thread.join(60)
        return self.page

    def visit(self, url: str) -> str:
        url, self.page = self._get(url)
        for _ in range(_MOST_FORMS):
            form = _Form.first_in(self.page)
            if form is None:
                break
            url, self.page = self._get(urllib.parse.urljoin(url, form.action), form.filled(self._fields, self._press))
        return self.page

    def _get(self, url: str, form: Optional[Mapping[str, str]] = None) -> Tuple[str, str]:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(url, data, timeout=60) as answer:
                return answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.url or url, error.read().decode()


class _Form(HTMLParser):
    """The first form of a page that is sent with POST."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self._inside = False
        self._inputs: List[Dict[str, Optional[str]]] = []

    @classmethod
    def first_in(cls, page: str) -> Optional[_Form]:
        form = cls()
        form.feed(page)
        return form if form.action else None

    def handle_starttag(self, tag: str, attributes: List[Tuple[str, Optional[str]]]) -> None:
        fields = dict(attributes)
        if tag == "form" and not self.action and (fields.get("method") or "").lower() == "post":
            self.action, self._inside = fields.get("action") or "", True
        elif tag in ("input", "button") and self._inside:
            self._inputs.append(fields)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def filled(self, fields: Mapping[str, str], press: Tuple[str, ...]) -> Dict[str, str]:
        sent = {}
        for each in self._inputs:
            name = each.get("name")
            is_button = each.get("type") in ("submit", "button", "checkbox")
            if name and (not is_button or name in press):
                sent[name] = fields.get(name, each.get("value") or "")
        return sent
