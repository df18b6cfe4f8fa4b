"""Drawings of all flows for docs/flows."""

from __future__ import annotations

from tongban.kernel.flow import draw
from tongban.kernel.flow.registry import all_flows


def documents() -> dict[str, str]:
    """``flows/KIND.md`` with Mermaid and the table of moves, ``flows/KIND.svg``, and an index."""
    found, lines = (
        {},
        ["# 流程图", "", "由 `tongban docs build` 从各部门的 flow.py 生成，测试保证其不过期。", ""],
    )
    for flow in all_flows():
        found[f"flows/{flow.kind}.md"] = (
            f"# {flow.label} `{flow.kind}` v{flow.version}\n\n![{flow.label}]({flow.kind}.svg)\n\n"
            f"```mermaid\n{draw.mermaid(flow)}```\n\n{draw.table(flow)}"
        )
        found[f"flows/{flow.kind}.svg"] = draw.svg(flow)
        lines.append(f"- [{flow.label}]({flow.kind}.md)：{len(flow.states)} 个状态，{len(flow.moves)} 个动作")
    found["flows/README.md"] = "\n".join(lines) + "\n"
    return found
