"""Files to observations: one reader a format, one layout a table shape, then checks. Pure of the store and the clock.

::

    bytes ──decode──► text ──readers──► Sheet ──layouts──► Record ──resolve──► Candidate or Issue ──checks──► Reading
"""

from dabiao.ingest.model import Candidate, Defaults, Reading
from dabiao.ingest.read import read_bytes, read_file

__all__ = ["Candidate", "Defaults", "Reading", "read_bytes", "read_file"]
