"""An OAuth 2.0 authorization server and OpenID provider that enforces the protocol instead of being helpful."""
