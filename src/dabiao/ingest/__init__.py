"""Files to observations: one reader a format, one layout a table shape, then checks. Pure of the store and the clock.

::

    bytes ──decode──► text ──readers──► Sheet ──layouts──► Record ──resolve──► Candidate or Issue ──checks──► Reading
"""
