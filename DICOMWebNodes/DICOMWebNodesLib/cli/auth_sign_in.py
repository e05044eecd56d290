"""``auth login``, ``logout`` and ``status``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Iterator

from ..errors import InvalidValue
from .auth_options import add_secret_options, secret_asked, secret_given, secret_of
from .auth_shown import NONE_YET, as_json, in_words, warn_of_memory
from .context import Context
from .exit_codes import ExitCode
from .parser import Subparsers, add_command
from .table import Column, table

if TYPE_CHECKING:
    from ..auth.method import AuthMethod
    from ..auth.sign_in import SignIn


def add_signing_in(commands: Subparsers) -> None:
    entering = add_command(
        commands,
        "login",
        _login,
        "sign in: in the browser, or by giving the secret that the method needs",
        arguments="METHOD",
        description="Waits until you are done there; Ctrl-C gives up.",
    )
    entering.add_argument("method", metavar="METHOD")
    how = entering.add_mutually_exclusive_group()
    how.add_argument("--device", action="store_true", help="enter a short code in a browser on another computer")
    how.add_argument("--no-browser", action="store_true", help="only print the address to open on this computer")
    add_secret_options(entering)

    leaving = add_command(
        commands, "logout", _logout, "revoke the token at the provider and forget it", arguments="METHOD"
    )
    leaving.add_argument("method", metavar="METHOD")

    telling = add_command(
        commands, "status", _status, "who is signed in, until when, and for what", arguments="[METHOD...]"
    )
    telling.add_argument("methods", metavar="METHOD", nargs="*", help="default: all")
    telling.add_argument("--json", action="store_true", help="as a JSON array")


def _login(context: Context) -> ExitCode:
    args, authentication = context.args, context.authentication
    method = authentication.methods.get(args.method)
    if not method.needs_person and (args.device or args.no_browser):
        raise InvalidValue(
            f"nobody signs in with '{method.name}' in a browser", next_step="Leave --device and --no-browser out."
        )
    if not method.needs_person and not method.has_secret:
        context.console.print(f"'{method.name}' needs nobody to sign in")
        return ExitCode.DONE
    secret = secret_given(context)
    if secret or (method.has_secret and (not method.needs_person or not authentication.secret(method))):
        authentication.set_secret(method, secret or secret_asked(context, secret_of(method)))
        warn_of_memory(context, "the secret")
    if method.needs_person:
        account = _signed_in(context, method)
        context.console.print(f"Signed in{f' as {account}' if account else ''}")
        warn_of_memory(context, "the token")
    else:
        context.console.print(f"The {method.kind.secret} of '{method.name}' is kept")
    return ExitCode.DONE


def _signed_in(context: Context, method: AuthMethod) -> str:
    from ..auth.browser import open_in_browser

    args = context.args
    open_browser = None if args.no_browser or args.device else open_in_browser
    running = context.authentication.sign_in(method.uid, open_browser=open_browser, device=args.device)
    try:
        if running.wait_for_prompt() is not None:
            for line in _prompt(running):
                context.console.tell(line)
        return running.wait()
    except KeyboardInterrupt:
        running.cancel()
        raise


def _prompt(running: SignIn) -> Iterator[str]:
    prompt = running.prompt
    assert prompt is not None
    if prompt.user_code:
        yield f"On any computer, open {prompt.short_url} and enter {prompt.user_code}"
        if prompt.url != prompt.short_url:
            yield f"Or open {prompt.url}"
    elif running.opened:
        yield "Finish in the browser that has opened. If none has, open this address on this computer:"
        yield prompt.url
    else:
        yield "Open this address in a browser on this computer (--device: on another one):"
        yield prompt.url


def _logout(context: Context) -> ExitCode:
    told = context.authentication.sign_out(context.args.method)
    context.console.print(told[:1].upper() + told[1:])
    return ExitCode.DONE


def _status(context: Context) -> ExitCode:
    authentication = context.authentication
    names = context.args.methods or [method.uid for method in authentication.methods.methods()]
    methods = [authentication.methods.get(name) for name in names]
    if context.args.json:
        context.console.write(json.dumps([as_json(context, method) for method in methods], indent=2) + "\n")
    else:
        columns = (Column("Name", 40), Column("Status", 60), Column("Scope", 60))
        statuses = ((method, authentication.status(method.uid)) for method in methods)
        rows = ((method.name, in_words(status), status.scope) for method, status in statuses)
        for line in table(columns, rows, context.console.columns):
            context.console.print(line)
        if not methods:
            context.console.tell(NONE_YET)
    ready = all(authentication.status(method.uid).ready for method in methods)
    return ExitCode.DONE if ready else ExitCode.NOT_AUTHORISED
