"""The table of addresses, and which page stands behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from dabiao.services.app import App
from dabiao.services.pages import view_extras
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


@dataclass(frozen=True, slots=True)
class Route:
    """An address and the page behind it: ``/`` alone, or a prefix with one name after it.

    Attributes:
        known: whether there is anything of that name; where it is left out, the page says so but the answer is no 404.
    """

    prefix: str
    name: str
    layout: Callable[..., Page]
    takes_id: bool = False
    in_menu: bool = False
    known: Callable[[App, str], bool] | None = None

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
    Route("/alerts", "alerts", alerts.layout, in_menu=True),
    Route("/alerts/", "alerts", alert.layout, takes_id=True, known=alert.known),
    Route("/plans", "plans", plans.layout, in_menu=True),
    Route(
        "/plan/", "plan", plan.layout, takes_id=True, known=lambda app, name: name in view_extras.plans(app)
    ),
    Route("/regions", "regions", indexes.regions, in_menu=True),
    Route(
        region.PREFIX,
        "region",
        region.layout,
        takes_id=True,
        known=lambda app, name: name in app.catalogue.regions,
    ),
    Route("/units", "units", indexes.units, in_menu=True),
    Route(
        unit.PREFIX, "unit", unit.layout, takes_id=True, known=lambda app, name: name in app.catalogue.units
    ),
    Route("/indicators", "indicators", indexes.indicators, in_menu=True),
    Route(
        indicator.PREFIX,
        "indicator",
        indicator.layout,
        takes_id=True,
        known=lambda app, name: name in app.catalogue.indicators,
    ),
    Route("/target/", "target", target.layout, takes_id=True),
    Route("/data", "data", data.layout, in_menu=True),
    Route("/data/import/", "data", data.one_import, takes_id=True, known=data.known),
    Route("/data/upload/", "upload", upload.layout, takes_id=True, known=upload.known),
    Route("/data/quarantine", "quarantine", quarantine.layout),
    Route("/data/quarantine/", "quarantine", quarantine.one_file, takes_id=True, known=data.known),
    Route("/data/series", "series", series.layout),
    Route("/data/series/", "series", series.one, takes_id=True, known=series.known),
    Route("/data/corrections", "corrections", series.correction_list),
    Route("/jobs", "jobs", jobs.layout, in_menu=True),
    Route("/jobs/", "jobs", jobs.one_run, takes_id=True, known=jobs.known),
    Route("/track-record", "track_record", track_record.layout, in_menu=True),
    Route("/review", "review", review_start.layout, in_menu=True),
    Route("/review/", "review", review.layout, takes_id=True),
    Route("/about", "about", about.layout, in_menu=True),
    Route("/wall", "wall", wall.layout, in_menu=True),
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
