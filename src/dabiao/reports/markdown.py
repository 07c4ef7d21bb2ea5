"""One plan as a readable document in Markdown: a heading a clause, a row a target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    """A text that stands in a Markdown table whatever it holds."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").strip() or "—"


def document(
    title: str, lines: Iterable[str], headings: Sequence[str], clauses: Iterable[tuple[str, list[list[str]]]]
) -> str:
    """A Markdown document.

    Args:
        title: of the document.
        lines: paragraphs under the title.
        headings: of each table.
        clauses: ``(clause, rows)`` in the order of the plan; each row has a cell a heading.
    """
    out = [f"# {title}", ""]
    for line in lines:
        out += [line, ""]
    for clause, rows in clauses:
        out += [f"## {clause}", "", _row(headings), _row(["---"] * len(headings))]
        out += [_row([cell(c) for c in row]) for row in rows]
        out.append("")
    return "\n".join(out)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
