"""What people do with data: bring a file, import it, mend refused rows, dismiss them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dabiao.errors import DabiaoError
from dabiao.services.intake import quarantine, uploads
from dabiao.services.intake.uploads import Options
from dashboard import urls
from dashboard.asked import Asked
from dashboard.done import Action, Done, Files, Form, number

_CELL = re.compile(r"cell-([0-9]{1,15})-([0-9]{1,5})")


def bring(asked: Asked, _form: Form, files: Files) -> Done:
    """Put a file aside and show how it would be read."""
    file = files.get("file")
    if file is None or not file.filename:
        raise DabiaoError("form_incomplete", name="file")
    token = uploads.stage(asked.app, file.filename, file.stream.read(), asked.now)
    return Done("", urls.desk(f"/data/upload/{token}", asked.query))


def take(asked: Asked, form: Form, _files: Files) -> Done:
    """Import a file that was brought."""
    result, import_id = uploads.take(
        asked.app, form.get("token", ""), Options.parse(form.to_dict()), asked.now
    )
    said = asked.say(
        "data.taken",
        file=result.file,
        accepted=result.accepted,
        revised=result.revised,
        unchanged=result.unchanged,
        refused=result.refused,
    )
    path = "/data" if import_id is None else f"/data/import/{import_id}"
    return Done(said, urls.desk(path, asked.query))


def drop(asked: Asked, form: Form, _files: Files) -> Done:
    """Forget a file that was brought."""
    uploads.discard(asked.app, form.get("token", ""))
    return Done(asked.say("data.discarded"), urls.desk("/data", asked.query))


def retry(asked: Asked, form: Form, _files: Files) -> Done:
    """Send refused rows of a sheet in again as they were mended."""
    rows: dict[int, dict[int, str]] = {}
    for name, text in form.items():
        if found := _CELL.fullmatch(name):
            rows.setdefault(int(found[1]), {})[int(found[2])] = text
    if not rows:
        raise DabiaoError("form_incomplete", name="cells")
    headings = _in_order(
        {int(n[5:]): t for n, t in form.items() if n.startswith("head-") and n[5:].isdigit()}
    )
    cells = {number: _in_order(found) for number, found in rows.items()}
    result, mended = uploads.retry(asked.app, cells, headings or None, asked.now)
    left = len(cells) - mended
    said = asked.say(
        "data.mended", mended=mended, left=left, accepted=result.accepted, revised=result.revised
    )
    return Done(said)


def _in_order(cells: Mapping[int, str]) -> list[str]:
    return [cells.get(i, "") for i in range(max(cells, default=-1) + 1)]


def dismiss(asked: Asked, form: Form, _files: Files) -> Done:
    """Close a refused row that will not be mended."""
    row = number(form, "row")
    closed = quarantine.dismiss(asked.app, [row], form.get("note", ""), asked.now)
    return Done(asked.say("data.dismissed" if closed else "data.closed_already"))


ACTIONS: Mapping[str, Action] = {
    "data/bring": bring,
    "data/import": take,
    "data/discard": drop,
    "data/retry": retry,
    "data/dismiss": dismiss,
}
