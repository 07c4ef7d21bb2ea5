"""The table of addresses, and which page stands behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from dashboard.asked import Asked, Say
from dashboard.pages import overview, plan, plans, review, review_start, states, target
from dashboard.pages.page import Page


@dataclass(frozen=True, slots=True)
class Route:
    """An address and the page behind it: ``/`` alone, or a prefix with one name after it."""

    prefix: str
    name: str
    layout: Callable[..., Page]
    takes_id: bool = False
    in_menu: bool = False

    def match(self, path: str) -> tuple[str, ...] | None:
        """The arguments of the page, ``None`` if the path is not this route's."""
        if not self.takes_id:
            return () if path.rstrip("/") == self.prefix.rstrip("/") else None
        rest = path.removeprefix(self.prefix)
        if rest == path or not rest.strip("/") or "/" in rest.strip("/"):
            return None
        return (unquote(rest.strip("/")),)


ROUTES: tuple[Route, ...] = (
    Route("/", "overview", overview.layout, in_menu=True),
    Route("/plans", "plans", plans.layout, in_menu=True),
    Route("/plan/", "plan", plan.layout, takes_id=True),
    Route("/target/", "target", target.layout, takes_id=True),
    Route("/review", "review", review_start.layout, in_menu=True),
    Route("/review/", "review", review.layout, takes_id=True),
)


def find(path: str | None) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a path with its arguments."""
    for route in ROUTES:
        args = route.match(path or "/")
        if args is not None:
            return route, args
    return None


def render(path: str | None, asked: Asked) -> Page:
    """The page of a path."""
    found = find(path)
    if found is None:
        return states.not_found(path or "/", asked)
    route, args = found
    return route.layout(asked, *args)


def title(path: str | None, say: Say) -> str:
    """The title that goes out with the first byte, before the store is asked."""
    found = find(path)
    name = found[0].name if found else "not_found"
    return say("title", page=say(f"pages.{name}"))


__all__ = ["ROUTES", "Page", "Route", "find", "render", "title"]
