"""The logic's part for authentication."""

from .logic_base import LogicBase


class AuthenticationLogic(LogicBase):
    pass
