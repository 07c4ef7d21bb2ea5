"""The table of addresses, and which page stands behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from dabiao.services.app import App
from dabiao.services.pages import view_extras
from dashboard import gate, kept, rights, scripts
from dashboard.asked import Asked, Say
from dashboard.pages import (
    about,
    alert,
    alerts,
    data,
    indexes,
    indicator,
    jobs,
    overview,
    plan,
    plans,
    quarantine,
    region,
    review,
    review_start,
    series,
    states,
    target,
    track_record,
    unit,
    upload,
    wall,
)
from dashboard.pages.page import Page

Part = Literal["", "main", "desk", "more"]


@dataclass(frozen=True, slots=True)
class Route:
    """An address and the page behind it: ``/`` alone, or a prefix with one name after it.

    Attributes:
        menu: the part of the menu in which the page stands, ``""`` for none: see :mod:`dashboard.menu`.
        known: whether there is anything of that name; where it is left out, the page says so but the answer is no 404.
        kept: whether the page shows nothing but what :mod:`dashboard.kept` keeps it by.
        needs: what stands on it that has large scripts of its own.
    """

    prefix: str
    name: str
    layout: Callable[..., Page]
    takes_id: bool = False
    menu: Part = ""
    known: Callable[[App, str], bool] | None = None
    kept: bool = False
    needs: tuple[scripts.Part, ...] = ()

    def match(self, path: str) -> tuple[str, ...] | None:
        """The arguments of the page, ``None`` if the path is not this route's."""
        if not self.takes_id:
            return () if path.rstrip("/") == self.prefix.rstrip("/") else None
        rest = path.removeprefix(self.prefix)
        if rest == path or not rest.strip("/") or "/" in rest.strip("/"):
            return None
        return (unquote(rest.strip("/")),)


ROUTES: tuple[Route, ...] = (
    Route("/", "overview", overview.layout, menu="main", kept=True, needs=("list",)),
    Route("/alerts", "alerts", alerts.layout, menu="main"),
    Route("/alerts/", "alerts", alert.layout, takes_id=True, known=alert.known),
    Route("/plans", "plans", plans.layout, menu="main", kept=True),
    Route("/plan/", "plan", plan.layout, takes_id=True, known=view_extras.has_plan, kept=True),
    Route("/regions", "regions", indexes.regions, menu="main", kept=True),
    Route(
        region.PREFIX,
        "region",
        region.layout,
        takes_id=True,
        known=region.known,
        kept=True,
        needs=("list",),
    ),
    Route("/units", "units", indexes.units, menu="main", kept=True),
    Route(unit.PREFIX, "unit", unit.layout, takes_id=True, known=unit.known),
    Route("/indicators", "indicators", indexes.indicators, menu="main", kept=True),
    Route(
        indicator.PREFIX,
        "indicator",
        indicator.layout,
        takes_id=True,
        known=indicator.known,
        kept=True,
        needs=("charts",),
    ),
    Route("/target/", "target", target.layout, takes_id=True, known=target.known, needs=("charts",)),
    Route("/data", "data", data.layout, menu="desk"),
    Route("/data/import/", "data", data.one_import, takes_id=True, known=data.known),
    Route("/data/upload/", "upload", upload.layout, takes_id=True, known=upload.known),
    Route("/data/quarantine", "quarantine", quarantine.layout),
    Route("/data/quarantine/", "quarantine", quarantine.one_file, takes_id=True, known=data.known),
    Route("/data/series", "series", series.layout),
    Route("/data/series/", "series", series.one, takes_id=True, known=series.known),
    Route("/data/corrections", "corrections", series.correction_list),
    Route("/jobs", "jobs", jobs.layout, menu="desk"),
    Route("/jobs/", "jobs", jobs.one_run, takes_id=True, known=jobs.known),
    Route("/track-record", "track_record", track_record.layout, menu="more", needs=("charts",)),
    Route("/review", "review", review_start.layout, menu="desk"),
    Route("/review/", "review", review.layout, takes_id=True, known=review.known),
    Route("/about", "about", about.layout, menu="more"),
    Route("/wall", "wall", wall.layout, menu="more"),
)


def find(path: str | None) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a path with its arguments."""
    for route in ROUTES:
        args = route.match(path or "/")
        if args is not None:
            return route, args
    return None


def exists(path: str | None, opened: Callable[[], App]) -> bool:
    """Whether there is something at a path; the store is opened only where a name must be looked up."""
    found = find(path)
    if found is None:
        return False
    route, args = found
    return route.known is None or route.known(opened(), *args)


def shown(path: str | None, search: str | None, asked: Asked) -> Page:
    """The page of a path as the browser takes it, from what is kept where it can be."""
    if is_kept(path):
        return kept.page(asked, "page", path or "/", search, lambda: render(path, asked))
    return render(path, asked)


def is_kept(path: str | None) -> bool:
    """Whether the page of a path can be kept."""
    found = find(path)
    return found is not None and found[0].kept


def allowed(path: str | None) -> bool:
    """Whether the reader may see the page of a path; where there is none, that there is none."""
    found = find(path)
    return found is None or gate.principal().may(rights.of_page(found[0].name))


def render(path: str | None, asked: Asked) -> Page:
    """The page of a path."""
    found = find(path)
    if found is None:
        return states.not_found(path or "/", asked)
    route, args = found
    if not allowed(path):
        return states.not_allowed(rights.of_page(route.name), asked)
    return route.layout(asked, *args)


def needs(path: str | None) -> tuple[scripts.Part, ...]:
    """What of the page of a path has large scripts of its own."""
    found = find(path)
    return found[0].needs if found else ()


def title(path: str | None, say: Say) -> str:
    """The title that goes out with the first byte, before the store is asked."""
    found = find(path)
    name = found[0].name if found else "not_found"
    return say("title", page=say(f"pages.{name}"))


__all__ = ["ROUTES", "Page", "Route", "find", "render", "title"]
