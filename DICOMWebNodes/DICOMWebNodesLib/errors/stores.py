"""The node store."""

from __future__ import annotations

from .base import DICOMWebNodesError


class NodeStoreError(DICOMWebNodesError):
    code = "node-store"


class NodeNotFound(NodeStoreError):
    code = "node-not-found"
    next_step = "'nodes list' shows the nodes there are."


class NodeNameTaken(NodeStoreError):
    code = "node-name-taken"
    next_step = "Choose another name."


class NodeReadOnly(NodeStoreError):
    code = "node-read-only"
    next_step = "Duplicate it and change the copy."


class UnsupportedService(NodeStoreError):
    code = "unsupported-service"
    next_step = "Use a node whose service type offers it."


class StoreUnavailable(NodeStoreError):
    code = "store-unavailable"
