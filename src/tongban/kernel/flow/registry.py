"""The flows that this installation runs, by kind."""

from __future__ import annotations

from tongban.kernel.flow.declaration import Flow, FlowError

_FLOWS: dict[str, Flow] = {}


def register(flow: Flow) -> Flow:
    """Make a flow known; called once, where the flow is declared.

    :raises FlowError: when another flow has its kind or its number prefix
    """
    for other in _FLOWS.values():
        if other is not flow and (other.kind == flow.kind or other.prefix == flow.prefix):
            raise FlowError(f"{flow.kind}: kind or prefix {flow.prefix!r} is taken by {other.kind}")
    _FLOWS[flow.kind] = flow
    return flow


def flow_of(kind: str) -> Flow:
    """The flow of a kind.

    :raises FlowError: for a kind nobody declared; the message names the known ones
    """
    try:
        return _FLOWS[kind]
    except KeyError:
        raise FlowError(f"no flow {kind!r}; known: {', '.join(sorted(_FLOWS))}") from None


def all_flows() -> list[Flow]:
    """Every declared flow, by kind."""
    return [_FLOWS[kind] for kind in sorted(_FLOWS)]


def forget(kind: str) -> None:
    """Take a flow out again: for tests that declare their own."""
    _FLOWS.pop(kind, None)
