"""All that can be done with nodes, as one class."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Callable, ContextManager, Iterable, Iterator, Mapping, Optional, Sequence, Tuple, Union

from ..auth.credentials import Credential
from ..dicomweb.check import Check, check_services
from ..dicomweb.dicom_json import Attributes
from ..dicomweb.metadata import Metadata
from ..dicomweb.named import ResourceLike, resource_of
from ..dicomweb.named import resources_of as named_resources
from ..dicomweb.pacer import Pacer
from ..dicomweb.part_choices import Choice, choices_of
from ..dicomweb.profile import Profile, Quirk
from ..dicomweb.qido_rs import QidoRS
from ..dicomweb.query import Query
from ..dicomweb.resource import Resource
from ..dicomweb.session import Session
from ..dicomweb.store_books import OnOutcome, OnProgress
from ..dicomweb.store_outcome import StoreSummary
from ..dicomweb.stow_rs import StowRS
from ..dicomweb.wado_rs import Image, WadoRS
from ..dicomweb.wado_uri import Addressing, WadoURI
from ..errors import UnsupportedService
from ..logs import action
from ..manifests.opened import Opened, identified, open_targets, resources_of
from ..manifests.target import Target
from ..nodes.node import Node
from ..nodes.roles import NodeName, Roles
from ..nodes.service_type import ServiceType, Usage
from ..nodes.store import NodeStore
from ..nodes.tls import TLS
from ..pictures.cache import PreviewCache
from ..pictures.preview import Preview
from ..transfer.account import Listener
from ..transfer.control import Control
from ..transfer.courtesy import Courtesy
from ..transfer.engine import Inventory
from ..transfer.events import Summary
from .lists import lent_with_list, refuse_what_nothing_lists
from .many_nodes import Event, search_nodes
from .new_session import NewSession
from .own_credentials import OwnCredentials
from .retrieving import prepared_transfer
from .sessions import Sessions

_ATTEMPTS = 3  # to read one page of a search for which a person waits
_LOG = logging.getLogger(__name__)


class Workspace:
    """The nodes there are, and what can be done with them. A node is given by name, uid, bare URL or value.

    ``nodes``: default: those of this user, as the window and the command line know them. ``credentials`` gives what
    signs a node's requests; the default signs as each node says, with the methods and secrets beside the file of nodes.
    ``make_pacer`` decides how failed requests are tried again, ``courtesy`` when pictures are made while something is
    transferred. Connections stay warm until :meth:`close`, or until no more than this object holds them. Safe to use
    from several threads; a process that is forked opens connections of its own, and one that is spawned makes its own
    workspace, because this object cannot be pickled. Every method raises errors of :mod:`..errors` only.

    A resource is a :class:`Resource`, a text "study[/series[/instance]]", or a row that a search has found.
    """

    def __init__(
        self,
        nodes: Optional[NodeStore] = None,
        credentials: Optional[Callable[[Node], Optional[Credential]]] = None,
        *,
        make_pacer: Callable[..., Pacer] = Pacer,
        previews: Optional[PreviewCache] = None,
        courtesy: Optional[Courtesy] = None,
    ) -> None:
        self.nodes = nodes if nodes is not None else NodeStore()
        self._roles = Roles(self.nodes)
        self._make_pacer = make_pacer
        self.previews = previews
        self._courtesy = courtesy or Courtesy()
        new_session = NewSession(self.nodes, credentials or OwnCredentials(self.nodes))
        self._sessions = Sessions(new_session, make_pacer, new_session.known_of)

    def __repr__(self) -> str:
        return f"Workspace(nodes in {str(self.nodes.path)!r})"

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that nothing uses. It can be used on, and closed again."""
        self._sessions.close()

    def resolve(self, node: NodeName) -> Node:
        """The node of that name, uid or URL. Raises :class:`~..errors.NodeNotFound`."""
        return self._roles.resolve(node)

    # --- ask ----------------------------------------------------------------------------------------------------

    def test(self, node: NodeName, *, control: Optional[Control] = None) -> Tuple[Check, ...]:
        """One cheap, harmless request for each service that the node offers; what fails is in its check."""
        with self._sessions.lent(self.resolve(node), control) as session:
            with action(_LOG, session.node.name, "test") as told:
                checks = check_services(session)
                told.result = ", ".join(f"{each.service.name} {_OK[each.ok]}" for each in checks)
            return checks

    def search(
        self,
        node: NodeName,
        query: Query,
        on_warning: Optional[Callable[[str], None]] = None,
        *,
        control: Optional[Control] = None,
    ) -> Iterator[Attributes]:
        """The studies, series or instances that match, page after page, each once.

        ``on_warning`` is told when the server holds back some of them. ``control`` cancels: the request under way
        ends at once, with :class:`~..errors.Cancelled`.
        """
        return self._found(self._roles.offering(Usage.SEARCH, node), query, on_warning, control)

    def search_nodes(
        self, nodes: Sequence[NodeName], query: Query, *, control: Optional[Control] = None
    ) -> Iterator[Event]:
        """The same search on many nodes at once: :func:`.many_nodes.search_nodes`, which says what comes.

        Raises :class:`~..errors.NodeNotFound` and :class:`~..errors.UnsupportedService` before anything is asked.
        """
        return search_nodes(
            self.search, [self._roles.offering(Usage.SEARCH, node) for node in nodes], query, control=control
        )

    def metadata(
        self, node: NodeName, resource: ResourceLike, *, control: Optional[Control] = None
    ) -> Iterator[Attributes]:
        """All attributes but bulk data of every instance of ``resource``."""
        search_node, retrieve_node = self._roles.of_retrieve(node)
        if retrieve_node.service_type is ServiceType.WADO_URI:
            raise UnsupportedService("a WADO-URI service has no metadata", node=retrieve_node.name)
        return self._described(search_node, retrieve_node, resource_of(resource), control)

    def thumbnail(self, node: NodeName, resource: ResourceLike, *, control: Optional[Control] = None) -> Image:
        """A small picture of a study, series or instance: the server's, else made here of one instance.

        It waits for its turn while this workspace transfers anything (:class:`..transfer.courtesy.Courtesy`).

        Raises :class:`~..errors.NoPicture` for what is none, or cannot be shown here.
        """
        search_node, retrieve_node = self._roles.of_retrieve(node)
        with lent_with_list(self._sessions, search_node, retrieve_node, control) as (session, search):
            source = WadoURI(session) if retrieve_node.service_type is ServiceType.WADO_URI else WadoRS(session)
            preview = Preview(
                retrieve_node,
                source,
                search,
                findings=session.findings,
                has_thumbnails=not session.profile.has(Quirk.NO_THUMBNAIL),
                cache=self.previews,
                turn=lambda made_here: self._courtesy.turn(made_here=made_here, control=control),
            )
            return preview.of(resource_of(resource))

    def choices(
        self,
        profile: Profile,
        part: str,
        values: Mapping[str, str],
        *,
        authentication: str,
        proxy: str = "",
        proxy_user: str = "",
        ca_file: str = "",
        control: Optional[Control] = None,
    ) -> Iterator[Choice]:
        """What a part of the profile's URL can be for whoever is signed in with that method (its uid).

        ``values``: the parts before it; ``proxy``: the way there. Raises as :func:`..dicomweb.part_choices.choices_of`.
        """

        def connect(origin: str) -> ContextManager[Session]:
            tls = TLS(ca_file=ca_file)
            asked = Node(
                profile.title,
                origin,
                uid="choices",
                authentication=authentication,
                proxy=proxy,
                proxy_user=proxy_user,
                tls=tls,
            )
            return self._sessions.lent(asked, control)

        return choices_of(profile.form, part, values, connect)

    def _found(
        self, node: Node, query: Query, on_warning: Optional[Callable[[str], None]], control: Optional[Control]
    ) -> Iterator[Attributes]:
        count = 0
        with action(_LOG, node.name, f"search {query.level.value}") as told:
            with self._sessions.lent(node, control) as session:
                for count, row in enumerate(QidoRS(session, attempts=_ATTEMPTS).search(query, on_warning), 1):
                    told.result = f"{count} found"
                    yield row
            told.result = f"{count} found"

    def _described(
        self, search_node: Optional[Node], node: Node, resource: Resource, control: Optional[Control]
    ) -> Iterator[Attributes]:
        with lent_with_list(self._sessions, search_node, node, control) as (session, search):
            yield from Metadata(WadoRS(session), search).of(resource)

    # --- what somebody else asks for ----------------------------------------------------------------------------------

    def open_manifest(self, source: str, *, control: Optional[Control] = None) -> Opened:
        """What a manifest or link (a path, an address, ``weasis://``) would fetch, and from where; none of it yet.

        Raises :class:`~..errors.InvalidManifest`, and what fetching the manifest itself raises.
        """
        return open_targets(source, self.nodes.nodes(), lambda node: self._sessions.lent(node, control))

    def identified(self, target: Target, *, control: Optional[Control] = None) -> Target:
        """With what single files on the web say of themselves: as :func:`..manifests.opened.identified`."""
        return identified(target, lambda node: self._sessions.lent(node, control))

    def resources_of(
        self,
        target: Target,
        *,
        on_warning: Callable[[str], None] = lambda text: None,
        control: Optional[Control] = None,
    ) -> Tuple[Resource, ...]:
        """What a part of a manifest comes to, searched for where it names a patient. ``on_warning`` hears of what the
        server lists and cannot be asked for. Raises NotFound."""
        return resources_of(target, lambda node, query: self._found(node, query, None, control), on_warning)

    # --- move instances -------------------------------------------------------------------------------------------

    def retrieve(
        self,
        node: NodeName,
        resources: Union[ResourceLike, Iterable[ResourceLike]],
        output: Union[str, Path],
        *,
        listener: Listener = lambda event: None,
        control: Optional[Control] = None,
        inventory: Optional[Inventory] = None,
        connections: int = 16,
        addressing: Optional[Addressing] = None,
        verify: bool = False,
    ) -> Summary:
        """Retrieve studies, series and instances to ``<output>/<study>/<series>/<instance>.dcm``.

        What is there already is not fetched again, so that the same call resumes. The summary accounts for every
        instance: a failure is named there and raises nothing. ``listener`` gets :mod:`..transfer.events`;
        ``control`` cancels, pauses and prioritises; ``inventory`` tells which instances of a series are here already,
        with their files (default: those in ``output``); ``addressing`` how a WADO-URI node is asked. At most
        ``connections`` requests run side by side; fewer when more would not be faster.

        A series that comes in one answer is complete when as many instances came as the server counts. ``verify``: each
        of them is compared with the server's list too, which costs a search for each series and notices also one that
        came in the place of another; a series that the server does not list is a failure then.

        Raises, before anything is asked for, :class:`~..errors.InvalidUID`, :class:`~..errors.NodeNotFound`,
        :class:`~..errors.NotWritable` for ``output``, and :class:`~..errors.UnsupportedService` when the node cannot
        give such a resource.
        """
        resources = named_resources(resources)
        search_node, retrieve_node = self._roles.of_retrieve(node)
        refuse_what_nothing_lists(search_node, retrieve_node, resources)
        control = control or Control()
        prepared = prepared_transfer(
            self._sessions,
            search_node,
            retrieve_node,
            Path(output),
            make_pacer=self._make_pacer,
            connections=connections,
            addressing=addressing,
            listener=listener,
            control=control,
            inventory=inventory,
            verify=verify,
        )
        asked = f"retrieve {len(resources)} resources"
        with prepared as transfer, self._courtesy.transfer(control), action(_LOG, retrieve_node.name, asked) as told:
            summary = transfer.run(resources)
            told.result = summary.in_words
            return summary

    def store(
        self,
        node: NodeName,
        files: Union[str, Path, Iterable[Union[str, Path]]],
        *,
        study_instance_uid: str = "",
        on_outcome: Optional[OnOutcome] = None,
        on_progress: Optional[OnProgress] = None,
        control: Optional[Control] = None,
        resumed: bool = False,
    ) -> StoreSummary:
        """Send files, streamed from disk; no folders: ``folder.rglob("*.dcm")`` gives what is in one.

        The summary has the outcome of every file, also of one that the server refuses. As
        :meth:`..dicomweb.stow_rs.StowRS.store`, which says what it raises, and what ``resumed`` is; ``control``
        cancels, and steers single series.
        """
        control = control or Control()
        files = (files,) if isinstance(files, (str, Path)) else files
        with self._sessions.lent(self._roles.offering(Usage.STORE, node), control) as session:
            control.on_release(session.interrupt)
            with self._courtesy.transfer(control), action(_LOG, session.node.name, "store") as told:
                summary = StowRS(session).store(
                    map(Path, files),
                    study_instance_uid=study_instance_uid,
                    on_outcome=on_outcome,
                    on_progress=on_progress,
                    steering=control,
                    resumed=resumed,
                )
                told.result = f"{summary.bytes} bytes, {'complete' if summary.complete else 'incomplete'}"
            return summary


_OK = {True: "ok", False: "failed", None: "not tried"}
