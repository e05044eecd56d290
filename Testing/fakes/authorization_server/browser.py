"""A person at a browser: opens a URL, follows where it leads, and keeps the last page."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from typing import List, Optional


class Browser:
    """Called with a URL it returns at once, as a real one does, and goes there in a thread of its own."""

    def __init__(self) -> None:
        self.opened: List[str] = []
        self.page = ""
        self.status = 0
        self.headers: Optional[object] = None
        self._threads: List[threading.Thread] = []

    def __call__(self, url: str) -> bool:
        self.opened.append(url)
        thread = threading.Thread(target=self._go, args=(url,), daemon=True)
        self._threads.append(thread)
        thread.start()
        return True

    def wait(self) -> str:
        """The page at the end."""
        for thread in self._threads:
            thread.join(10)
        return self.page

    def _go(self, url: str) -> None:
        try:
            answer = _DIRECT.open(url, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError as error:
            self.page = f"no page: {error}"
            return
        with answer:
            self.status, self.headers, self.page = answer.status, answer.headers, answer.read().decode()


def get(url: str) -> str:
    """One GET without following redirects anywhere but where they lead."""
    browser = Browser()
    browser(url)
    return browser.wait()


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
