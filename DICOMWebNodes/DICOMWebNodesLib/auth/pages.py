"""What the browser shows when it comes back. Nothing in it comes from anywhere else, and it runs nothing."""

from __future__ import annotations

import html

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem; }}</style>
</head>
<body><h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""

HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),  # the address has the authorization code in it
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
)


def page(title: str, text: str) -> bytes:
    """An HTML document in UTF-8; both arguments are plain text."""
    return _PAGE.format(title=html.escape(title), text=html.escape(text)).encode()


def signed_in_page(account: str) -> bytes:
    who = f"You are signed in as {account}. " if account else ""
    return page("Signed in", f"{who}You can close this window and go back to 3D Slicer.")


def failed_page(message: str) -> bytes:
    return page("Not signed in", f"{message[:1].upper()}{message[1:]} You can close this window.")
