"""A DICOMweb server that lets in who has a token."""

from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Reply, json_reply


class Guarded:
    """A DICOMweb server that asks the authorization server about each token; ``closed`` refuses them all."""

    def __init__(self, authority):
        self.authority = authority
        self.closed = False
        self.statuses = []

    def __call__(self, request):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        good = scheme == "Bearer" and self.authority.is_valid(token) and not self.closed
        self.statuses.append(200 if good else 401)
        return json_reply([]) if good else Reply(f"no: {token}".encode(), 401)


def session_of(authentication, method, guarded):
    node = Node("Node", guarded.url, authentication=method.uid)
    return Session(node, authentication.credential_for(node), pacer=Pacer(attempts=1))


def ask(session):
    with session.request("GET", "studies", asked="search studies") as response:
        return response.json()
