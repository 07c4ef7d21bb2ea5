"""The attainment model over many series at once, in NumPy.

Every function works on all rows together: a row is one series seen from one origin. Nothing here reads a value later
than its row's origin, and no sum depends on how many other rows there are, so that a panel cut off at an origin gives
the same digits as the whole one.

================  ==========================================================================
``panel``         a table of series to arrays; cases to rows
``scales``        the scale on which changes are comparable (log, logit, symmetric) and the values' precision
``windows``       the last 25 periods before each origin
``trend``         level, drift and spread of annual series
``recursions``    the damped-trend filters that ``trend`` weighs
``experience``    how large the family's own earlier errors were
``season``        months and quarters: what the rest of the year adds
``distribution``  probabilities, points and intervals from location and spread
``priors``        the numbers shipped in ``data/priors``
================  ==========================================================================
"""
