"""The widgets in the states that a person meets, for pictures and for a look by eye."""

from __future__ import annotations

from typing import Any, Callable, Dict

from ui.scenes import configuring, importing, opening, transferring


def _named(*makes: Callable[[], Any]) -> Dict[str, Callable[[], Any]]:
    return {make.__name__.replace("_", "-"): make for make in makes}


_PANELS = _named(
    importing.first_use,
    importing.searching,
    importing.results,
    importing.failing,
    importing.no_database,
    importing.many_nodes,
    importing.several_nodes,
    importing.source_menu,
    transferring.no_transfers,
    transferring.transfers,
    configuring.nodes,
    configuring.settings_page,
)
DIALOGS = _named(
    configuring.new_node,
    configuring.wrong_node,
    configuring.provider_node,
    configuring.recognised_node,
    configuring.full_node,
    configuring.choosing_a_store,
    configuring.authentication,
    configuring.signing_in,
    configuring.new_method,
    configuring.wrong_method,
    configuring.filled_method,
    configuring.password_method,
    opening.opened_manifest,
    opening.unopened_manifest,
)
SCENES = {**_PANELS, **DIALOGS}
