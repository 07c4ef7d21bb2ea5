"""The store and the files beside it to a backup that has been proved."""

from __future__ import annotations

from dabiao.services.keep.backup import back_up, rotate
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Make a backup, prove it, and remove those that the rotation no longer keeps."""
    app, settings = work.app, work.app.settings
    made = back_up(app, work.now, progress=lambda done, total: work.told(done, total, "pages"))
    gone = rotate(app.paths.backups, settings.backup_daily, settings.backup_weekly, settings.backup_monthly)
    return {"files": len(made.files), "rows": sum(made.rows.values()), "removed": len(gone)}
