"""What people do with data: bring a file, import it, mend refused rows, dismiss them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from dabiao.errors import DabiaoError
from dabiao.services.intake import quarantine, uploads
from dabiao.services.intake.uploads import Options
from dashboard import urls
from dashboard.asked import Asked
from dashboard.done import Action, Done, Files, Form, Noted, number

_CELL = re.compile(r"cell-([0-9]{1,15})-([0-9]{1,5})")


def bring(asked: Asked, _form: Form, files: Files) -> Done:
    """Put a file aside and show how it would be read."""
    file = files.get("file")
    if file is None or not file.filename:
        raise DabiaoError("form_incomplete", name="file")
    content = file.stream.read()
    token = uploads.stage(asked.app, file.filename, content, asked.now)
    about = {
        "file": file.filename[:200],
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Done(
        "", urls.desk(f"/data/upload/{token}", asked.query), Noted("data.brought", f"upload:{token}", about)
    )


def take(asked: Asked, form: Form, _files: Files) -> Done:
    """Import a file that was brought."""
    result, import_id = uploads.take(
        asked.app, form.get("token", ""), Options.parse(form.to_dict()), asked.now, form.get("by", "")
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
    token = form.get("token", "")
    waited = uploads.staged(asked.app, token)
    uploads.discard(asked.app, token)
    noted = Noted("data.discarded", f"upload:{token}", {"file": waited.name}) if waited else None
    return Done(asked.say("data.discarded"), urls.desk("/data", asked.query), noted)


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
    rows_done = {"rows": sorted(cells), "mended": mended, "left": left}
    return Done(said, noted=Noted("data.mended", f"quarantine:{min(cells)}", rows_done))


def _in_order(cells: Mapping[int, str]) -> list[str]:
    return [cells.get(i, "") for i in range(max(cells, default=-1) + 1)]


def dismiss(asked: Asked, form: Form, _files: Files) -> Done:
    """Close a refused row that will not be mended."""
    row = number(form, "row")
    note = form.get("note", "").strip()
    closed = quarantine.dismiss(asked.app, [row], note, asked.now)
    noted = Noted("data.dismissed", f"quarantine:{row}", {"note": note[:500]}) if closed else None
    return Done(asked.say("data.dismissed" if closed else "data.closed_already"), noted=noted)


ACTIONS: Mapping[str, Action] = {
    "data/bring": bring,
    "data/import": take,
    "data/discard": drop,
    "data/retry": retry,
    "data/dismiss": dismiss,
}
