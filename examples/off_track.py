"""The targets that are off track or missed, with the units that answer for them. 列出偏离目标和未达标的目标及其责任单位。

::

    python examples/off_track.py http://127.0.0.1:8050 [TOKEN]
"""

from __future__ import annotations

import sys

from api_client import ApiError, Client


def main() -> int:
    """Print a line a target."""
    api = Client(*sys.argv[1:3])
    try:
        units = {t["id"]: t["lead_units"] or t["responsible_units"] for t in api.every(api.targets)}
        for row in api.every(api.statuses, status=["missed", "off_track"]):
            print(
                row["target_id"],
                row["status"],
                row["attainment"],
                "、".join(units[row["target_id"]]),
                sep="\t",
            )
    except ApiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
