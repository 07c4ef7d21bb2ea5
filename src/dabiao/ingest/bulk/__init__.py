"""Large text files to values, in arrays: the same meaning of a cell, asked for once for each different text.

::

    bytes ──lines──► blocks ──cells──► arrays ──scanning──► numbered texts ──resolving──► Values ──standing──► Values
                                  └─ rows with anything but plain numbers ──single──┘
"""
