"""The rules of the fake authorization server; it opens no socket. Everything that is not right is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from typing import Any, Callable, Dict, List, Mapping, Tuple
from urllib.parse import unquote_plus, urlencode, urlsplit, urlunsplit

from canary import canary

from .model import Client, Code, Device, Family, Issued, Refusal

Fields = Mapping[str, str]
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_AUTHORIZATION_FIELDS = frozenset(
    {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"}
)
_CHALLENGE = ("code_challenge", "code_challenge_method")


class Authority:
    """``clock``: seconds since the epoch. ``refusals`` has what was refused, in order; tests look at it."""

    def __init__(self, issuer: str, clients: Tuple[Client, ...], *, clock: Callable[[], float] = time.time) -> None:
        self.issuer = issuer
        self.clients = {client.client_id: client for client in clients}
        self.clock = clock
        self.lifetime = 300.0  # seconds of an access token
        self.device_interval = 5.0  # seconds between two questions of a device
        self.account = "ada@example.org"
        self.rotates = True
        self.says_iss = True
        self.approves = True  # what the person at the authorization endpoint does
        self.says_yes_to_devices = False  # at once; else :meth:`decide`
        self.refusals: List[str] = []
        self.granted: List[str] = []  # the grants of the tokens that were issued, in order
        self.extra: Dict[str, Any] = {}  # fields of token responses that a test adds or replaces
        self._codes: Dict[str, Code] = {}
        self._devices: Dict[str, Device] = {}
        self._access: Dict[str, Issued] = {}
        self._refresh: Dict[str, Issued] = {}
        self._lock = threading.RLock()

    # --- the authorization endpoint (RFC 6749 section 4.1.1, RFC 7636 section 4.3, RFC 9207) --------------------------

    def authorize(self, fields: Fields) -> str:
        """Where the browser is sent. Raises Refusal with ``page`` when the client or its redirect URI is wrong."""
        with self._lock:
            client = self._redirecting_client(fields)
            redirect_uri = fields["redirect_uri"]
            try:
                answer = {"code": self._issue_code(client, fields)}
            except Refusal as refusal:
                self.refusals.append(str(refusal))
                answer = {"error": refusal.error, "error_description": refusal.description}
            if fields.get("state"):
                answer["state"] = fields["state"]
            if self.says_iss:
                answer["iss"] = self.issuer
            return f"{redirect_uri}?{urlencode(answer)}"

    def _redirecting_client(self, fields: Fields) -> Client:
        client = self.clients.get(fields.get("client_id", ""))
        if client is None:
            raise Refusal("invalid_request", "unknown client", page=True)
        if _without_loopback_port(fields.get("redirect_uri", "")) not in client.redirect_uris:
            raise Refusal("invalid_request", "unknown redirect URI", page=True)
        return client

    def _issue_code(self, client: Client, fields: Fields) -> str:
        strange = set(fields) - _AUTHORIZATION_FIELDS - client.parameters
        if strange:
            raise Refusal("invalid_request", f"unexpected {', '.join(sorted(strange))}")
        if fields.get("response_type") != "code" or "authorization_code" not in client.grants:
            raise Refusal("unauthorized_client", "only the authorization code grant")
        if len(fields.get("state", "")) < 16:
            raise Refusal("invalid_request", "no state, or one that can be guessed")
        if fields.get("code_challenge_method") != "S256":
            raise Refusal("invalid_request", "code_challenge_method must be S256")
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", fields.get("code_challenge", "")):
            raise Refusal("invalid_request", "the code_challenge is not a SHA-256")
        scope = self._checked_scope(client, fields.get("scope", ""))
        if "openid" in scope.split() and len(fields.get("nonce", "")) < 16:
            raise Refusal("invalid_request", "an OpenID request without a nonce")
        if not self.approves:
            raise Refusal("access_denied", "The person said no.")
        code = canary("authorization-code")
        self._codes[code] = Code(
            client.client_id,
            fields["redirect_uri"],
            fields["code_challenge"],
            scope,
            fields.get("nonce", ""),
            self.clock() + 60,
        )
        return code

    def _checked_scope(self, client: Client, scope: str) -> str:
        if not set(scope.split()) <= client.scopes:
            raise Refusal("invalid_scope", f"not all of '{scope}' is allowed")
        return scope

    # --- the token endpoint (RFC 6749 section 3.2) -------------------------------------------------------------------

    def token(self, fields: Fields, authorization: str) -> Dict[str, Any]:
        with self._lock:
            client = self._authenticated(fields, authorization)
            grant = fields.get("grant_type", "")
            grants: Mapping[str, Callable[[Client, Fields], Dict[str, Any]]] = {
                "authorization_code": self._redeem_code,
                "refresh_token": self._refresh_token,
                "client_credentials": self._client_credentials,
                DEVICE_GRANT: self._redeem_device_code,
            }
            if grant not in grants:
                raise Refusal("unsupported_grant_type", f"'{grant}'")
            if grant not in client.grants:
                raise Refusal("unauthorized_client", f"this client may not use {grant}")
            response = grants[grant](client, fields)
            self.granted.append(grant)
            return {**response, **self.extra}

    def _redeem_code(self, client: Client, fields: Fields) -> Dict[str, Any]:
        _expect(fields, {"grant_type", "code", "redirect_uri", "code_verifier"})
        code = self._codes.get(fields["code"])
        if code is None or code.client_id != client.client_id:
            raise Refusal("invalid_grant", "unknown code")
        if code.family is not None:
            code.family.revoked = True  # RFC 6749 section 4.1.2: somebody else has it too
            raise Refusal("invalid_grant", "this code was used before; its tokens are revoked")
        if self.clock() >= code.expires_at:
            raise Refusal("invalid_grant", "the code has expired")
        if fields["redirect_uri"] != code.redirect_uri:
            raise Refusal("invalid_grant", "another redirect URI than at the authorization endpoint")
        if not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", fields["code_verifier"]) or (
            _s256(fields["code_verifier"]) != code.challenge
        ):
            raise Refusal("invalid_grant", "wrong code_verifier")
        code.family = Family(client.client_id, code.scope, self.account)
        return self._tokens(code.family, nonce=code.nonce)

    def _refresh_token(self, client: Client, fields: Fields) -> Dict[str, Any]:
        _expect(fields, {"grant_type", "refresh_token"}, {"scope"})
        issued = self._refresh.get(fields["refresh_token"])
        if issued is None or issued.family.client_id != client.client_id or issued.family.revoked:
            raise Refusal("invalid_grant", "unknown or revoked refresh token")
        if issued.spent:
            issued.family.revoked = True  # RFC 9700 section 4.14.2
            raise Refusal("invalid_grant", "this refresh token was used before; its family is revoked")
        issued.spent = self.rotates
        return self._tokens(issued.family)

    def _client_credentials(self, client: Client, fields: Fields) -> Dict[str, Any]:
        _expect(fields, {"grant_type"}, {"scope", "audience"})
        if not client.secret:
            raise Refusal("unauthorized_client", "a public client has no credentials")
        if fields.get("audience", "") != client.audience:
            raise Refusal("invalid_request", "another audience is registered")
        family = Family(client.client_id, self._checked_scope(client, fields.get("scope", "")), client.client_id)
        return self._tokens(family, may_refresh=False)

    def _tokens(self, family: Family, *, nonce: str = "", may_refresh: bool = True) -> Dict[str, Any]:
        access = canary("access-token")
        self._access[access] = Issued(family, self.clock() + self.lifetime)
        response = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(self.lifetime),
            "scope": family.scope,
        }
        client = self.clients[family.client_id]
        if may_refresh and "refresh_token" in client.grants:
            if self.rotates or not family.used:
                refresh = canary("refresh-token")
                self._refresh[refresh] = Issued(family, float("inf"))
                response["refresh_token"] = refresh
            family.used = True
        if "openid" in family.scope.split():
            response["id_token"] = self.id_token(family.client_id, nonce)
        return response

    def id_token(self, client_id: str, nonce: str, **claims: Any) -> str:
        now = int(self.clock())
        content = {
            "iss": self.issuer,
            "aud": client_id,
            "sub": "4711",
            "email": self.account,
            "iat": now,
            "exp": now + 300,
            **({"nonce": nonce} if nonce else {}),
            **claims,
        }
        parts = ({"alg": "RS256", "kid": "1"}, {name: value for name, value in content.items() if value is not None})
        return ".".join((*(_base64url(json.dumps(part).encode()) for part in parts), _base64url(b"signature")))

    # --- devices (RFC 8628) ------------------------------------------------------------------------------------------

    def device_authorization(self, fields: Fields, authorization: str) -> Dict[str, Any]:
        with self._lock:
            client = self._authenticated(fields, authorization)
            if DEVICE_GRANT not in client.grants:
                raise Refusal("unauthorized_client", "this client may not use device codes")
            _expect(fields, {"scope", *(_CHALLENGE if client.device_pkce else ())}, frozenset({"audience"}))
            code, user_code = canary("device-code"), "WDJB-MJHT"
            scope = self._checked_scope(client, fields.get("scope", ""))
            now = self.clock()
            self._devices[code] = Device(client.client_id, user_code, scope, now + 600, self.device_interval, now)
            self._devices[code].challenge = fields.get("code_challenge", "")
            self._devices[code].approved = True if self.says_yes_to_devices else None
            return {
                "device_code": code,
                "user_code": user_code,
                "verification_uri": f"{self.issuer}/device",
                "verification_uri_complete": f"{self.issuer}/device?user_code={user_code}",
                "expires_in": 600,
                "interval": self.device_interval,
            }

    def decide(self, approved: bool) -> None:
        """The person has entered the code of every device that waits."""
        with self._lock:
            for device in self._devices.values():
                device.approved = approved

    def _redeem_device_code(self, client: Client, fields: Fields) -> Dict[str, Any]:
        _expect(fields, {"grant_type", "device_code", *(["code_verifier"] if client.device_pkce else [])})
        device = self._devices.get(fields["device_code"])
        if device is None or device.client_id != client.client_id or device.redeemed:
            raise Refusal("invalid_grant", "unknown or used device code")
        now, since = self.clock(), device.asked_at
        device.asked_at = now
        if now >= device.expires_at:
            raise Refusal("expired_token", "the device code has expired")
        if now - since < device.interval:
            device.interval += 5  # section 3.5
            raise Refusal("slow_down", "asked too soon")
        if device.approved is None:
            raise Refusal("authorization_pending", "the person is still busy")
        if not device.approved:
            raise Refusal("access_denied", "The person said no.")
        if device.challenge and _s256(fields["code_verifier"]) != device.challenge:
            raise Refusal("invalid_grant", "wrong code_verifier")
        device.redeemed = True
        return self._tokens(Family(client.client_id, device.scope, self.account))

    # --- who asks (RFC 6749 section 2.3) -----------------------------------------------------------------------------

    def _authenticated(self, fields: Fields, authorization: str) -> Client:
        in_header = ("", "")
        if authorization:
            scheme, _, encoded = authorization.partition(" ")
            if scheme != "Basic":
                raise Refusal("invalid_client", f"scheme {scheme}", status=401)
            user, _, password = base64.b64decode(encoded).decode().partition(":")
            in_header = (unquote_plus(user), unquote_plus(password))
        if authorization and "client_secret" in fields:
            raise Refusal("invalid_request", "two ways of client authentication")
        client = self.clients.get(in_header[0] or fields.get("client_id", ""))
        if client is None:
            raise Refusal("invalid_client", "unknown client", status=401)
        used = "client_secret_basic" if authorization else "client_secret_post" if "client_secret" in fields else "none"
        if used != client.auth_method:
            raise Refusal("invalid_client", f"{used} instead of {client.auth_method}", status=401)
        if client.secret and client.secret != (in_header[1] or fields.get("client_secret", "")):
            raise Refusal("invalid_client", "wrong secret", status=401)
        return client

    # --- afterwards (RFC 7009, RFC 7662) -----------------------------------------------------------------------------

    def revoke(self, fields: Fields, authorization: str) -> None:
        with self._lock:
            client = self._authenticated(fields, authorization)
            token = fields.get("token", "")
            issued = self._refresh.get(token) or self._access.get(token)
            if issued is not None and issued.family.client_id == client.client_id:
                if token in self._refresh:
                    issued.family.revoked = True
                self._access.pop(token, None)

    def is_valid(self, access_token: str) -> bool:
        """What a resource server would be told."""
        with self._lock:
            issued = self._access.get(access_token)
            return issued is not None and not issued.family.revoked and self.clock() < issued.expires_at

    def end_sessions(self) -> None:
        """What an administrator can do: no token works any more."""
        with self._lock:
            for issued in (*self._access.values(), *self._refresh.values()):
                issued.family.revoked = True

    def metadata(self) -> Dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "device_authorization_endpoint": f"{self.issuer}/device_authorization",
            "revocation_endpoint": f"{self.issuer}/revoke",
            "authorization_response_iss_parameter_supported": self.says_iss,
            "code_challenge_methods_supported": ["S256"],
        }


def _expect(fields: Fields, required: set, optional: frozenset = frozenset()) -> None:
    """RFC 6749 section 3.2: unknown parameters are ignored by servers; here they are a mistake of the client."""
    given = set(fields) - {"client_id", "client_secret"}
    missing, strange = required - given, given - required - set(optional)
    if missing or strange:
        raise Refusal("invalid_request", f"missing {sorted(missing)}, unexpected {sorted(strange)}")


def _without_loopback_port(uri: str) -> str:
    parts = urlsplit(uri)
    host = parts.hostname or ""
    return urlunsplit((parts.scheme, host if host in ("127.0.0.1", "localhost") else parts.netloc, *parts[2:]))


def _s256(verifier: str) -> str:
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
