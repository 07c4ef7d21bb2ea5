"""What a reviewer does: bring a plan, decide, mend the head, write the file. Each goes to the store at once."""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

from dabiao import i18n
from dabiao.errors import DabiaoError
from dabiao.services.declare import review_files, reviewing
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.components.review_parts import NOTHING, field_id, head_id, stores
from dashboard.guard import guarded
from dashboard.local import may_write
from dashboard.pages import review, review_start, states
from dashboard.pages.page import Page
from dashboard.theme import Theme

PREFIX = "/review/"
DECISIONS = {
    "review-accept": "accepted",
    "review-mend": "mended",
    "review-drop": "dropped",
    "review-reopen": None,
}
BUTTONS = (*DECISIONS, "review-head-save", "review-write")
_PERIOD = re.compile(r"((?:19|20)\d\d)(?:\s*[-–—至]\s*((?:19|20)\d\d))?")
log = logging.getLogger("dashboard")


def register(app: Dash, settings: Settings) -> None:
    """The callbacks of both pages of a review."""
    _bringing(app, settings)
    _deciding(app, settings)
    _filling(app, settings)


def skeleton(say: Say) -> list[Any]:
    """Everything that the callbacks name, of the kind that it is."""
    return [
        *review_start.bring(say),
        *(html.Div(id=name) for name in ("review-error", "review-message", "review-body")),
        *(html.Button(id=name) for name in BUTTONS),
        *stores(),
        dcc.Store(id="review-in-hand"),
    ]


def _try(
    settings: Settings, search: str, do: Callable[[Asked], Any], refuse: Callable[[DabiaoError, Say], Any]
) -> Any:
    """What ``do`` gives, or what ``refuse`` makes of a trouble that a person can mend."""
    query = urls.parse(search)
    try:
        return do(asking.read(settings, query))
    except DabiaoError as error:
        return refuse(error, Say(asking.request_language(settings, query)))
    except Exception:
        log.exception("a review's callback failed")
        return refuse(DabiaoError("review_fault"), Say(asking.request_language(settings, query)))


def _bringing(app: Dash, settings: Settings) -> None:
    @app.callback(
        Output("url", "pathname"),
        Output("review-error", "children"),
        Input("review-upload", "contents"),
        Input("review-read", "n_clicks"),
        State("review-upload", "filename"),
        State("review-paste", "value"),
        State("review-region", "value"),
        State("review-period", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def bring(
        contents: str | None, clicks: int | None, name: str | None, pasted: str | None, region: str | None,
        period: str | None, search: str,
    ) -> tuple[Any, Any]:  # fmt: skip
        """A file or pasted words become a review."""
        uploaded = ctx.triggered_id == "review-upload"
        if not (contents if uploaded else clicks):
            return no_update, no_update

        def do(asked: Asked) -> tuple[Any, Any]:
            data = _bytes(contents or "", name or "") if uploaded else (pasted or "").encode()
            file = (name or "plan.txt") if uploaded else asked.say("review.pasted")
            made = reviewing.create(
                asked.app, data, file, asked.now, region=(region or "").strip() or None, period=_span(period)
            )
            return f"{PREFIX}{made}", None

        return tuple(
            _try(settings, search, do, lambda error, say: (no_update, review_start.refusal(error, say)))
        )


def _deciding(app: Dash, settings: Settings) -> None:
    # The buttons are made anew with the page, and a callback is asked again whenever its inputs are: an answer on its way
    # would be dropped for that. So the browser notes what was pressed in a place that stays, and the server listens there.
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("dabiao", "pressed"),
        Output("review-pressed", "data"),
        *(Input(name, "n_clicks") for name in BUTTONS),
        State("review-in-hand", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Output("review-done", "data"),
        Output("review-message", "children"),
        Input("review-pressed", "data"),
        State(field_id(ALL), "value"),
        State(field_id(ALL), "id"),
        State(head_id(ALL), "value"),
        State(head_id(ALL), "id"),
        State("review-in-hand", "data"),
        State("url", "search"),
        State("review-done", "data"),
        prevent_initial_call=True,
    )
    def act(
        pressed: dict[str, Any] | None, values: Sequence[str | None], ids: Sequence[dict[str, str]],
        head: Sequence[str | None], head_ids: Sequence[dict[str, str]],
        shown: dict[str, Any] | None, search: str, done: int | None,
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        """What was pressed, for the proposal that was on the page at that moment."""
        if (
            not pressed
            or shown is None
            or (shown["review"], shown["index"]) != (pressed["review"], pressed["index"])
        ):
            # the fields would be those of another proposal
            return no_update, no_update, no_update
        button, review_id, index = str(pressed["button"]), str(pressed["review"]), int(pressed["index"])

        def do(asked: Asked) -> tuple[Any, Any, Any]:
            again = (done or 0) + 1
            if button == "review-write":
                return no_update, no_update, _write(asked, review_id)
            if button == "review-head-save":
                reviewing.set_head(asked.app, review_id, _texts(head, head_ids, "review-head"), asked.now)
                return no_update, again, asked.say("review.done.head")
            edits = _texts(values, ids, "review-field")
            address, said = _decide(asked, review_id, index, DECISIONS[button], edits)
            return address, again, said

        return tuple(_try(settings, search, do, _message))


def _decide(
    asked: Asked, review_id: str, index: int, chosen: str | None, edits: dict[str, str]
) -> tuple[str, str]:
    """Store a decision; the address of what comes next, and what was done in words."""
    kept = edits if chosen in ("accepted", "mended") else {}
    made = reviewing.decide(asked.app, review_id, index, chosen, kept, asked.now)
    found = reviewing.find(asked.app, review_id)
    assert found is not None
    rest = [p.index for p in found.undecided]
    after = index if made is None else next((i for i in rest if i > index), rest[0] if rest else index)
    said = asked.say(f"review.done.{made or 'open'}", number=index + 1)
    if not rest:
        said += asked.say("review.done.all")
    return urls.encode(asked.query.in_hand(after + 1)), said


def _write(asked: Asked, review_id: str) -> str:
    """Write the plan file below the home folder, for a reader on this machine only."""
    found = reviewing.find(asked.app, review_id)
    if found is None:
        raise DabiaoError("review_missing", review=review_id)
    if not may_write(asked.app.settings):
        raise DabiaoError("review_not_here")
    return asked.say("review.done.written", path=str(review_files.write(asked.app, found)))


def _filling(app: Dash, settings: Settings) -> None:
    @app.callback(
        Output("review-body", "children"),
        Input("url", "search"),
        Input("review-done", "data"),
        State("url", "pathname"),
        State("theme", "data"),
        prevent_initial_call=True,
    )
    def fill(search: str, _done: int | None, path: str, theme: Theme) -> Any:
        """The review as it stands in the store."""

        def render(asked: Asked) -> Page:
            review_id = unquote(path.removeprefix(PREFIX).strip("/"))
            found = reviewing.find(asked.app, review_id)
            if found is None:
                return states.unknown_review(review_id, asked)
            return Page("", review.body(found, asked))

        return guarded(settings, search, theme, render).children

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("dabiao", "followReview"),
        Output("review-followed", "data"),
        Input("review-in-hand", "data"),
        State("review-done", "data"),
    )


def _message(error: DabiaoError, say: Say) -> tuple[Any, Any, Any]:
    return no_update, no_update, _words(error, say)


def _words(error: DabiaoError, say: Say) -> str:
    return i18n.text(f"error.{error.code}", say.lang, **error.params)


def _bytes(contents: str, name: str) -> bytes:
    """An uploaded file's bytes, as the browser wraps them."""
    _, _, wrapped = contents.partition(",")
    if len(wrapped) > reviewing.LARGEST_UPLOAD * 4 / 3 + 4:
        raise DabiaoError("review_too_large", file=name, limit=reviewing.LARGEST_UPLOAD // 2**20)
    try:
        return base64.b64decode(wrapped, validate=True)
    except binascii.Error as error:
        raise DabiaoError("extract_not_text", file=name) from error


def _span(said: str | None) -> tuple[int, int] | None:
    """First and last year as typed.

    Raises:
        DabiaoError: ``extract_period_wrong``.
    """
    if not said or not said.strip():
        return None
    found = _PERIOD.fullmatch(said.strip())
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise DabiaoError("review_period_wrong", text=said[:40])
    return int(found[1]), int(found[2] or found[1])


def _texts(values: Sequence[str | None], ids: Sequence[dict[str, str]], key: str) -> dict[str, str]:
    """What stands in the fields."""
    return {
        box[key]: "" if value in (None, NOTHING) else str(value)
        for box, value in zip(ids, values, strict=True)
    }
