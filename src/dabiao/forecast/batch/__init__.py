"""Models over many series at once, in NumPy.

Every function works on all rows together. Nothing here reads a value later than its row's origin, and no digit depends on
how many other rows there are, so that a panel cut off at an origin gives the same digits as the whole one.

================  ==========================================================================
``batch``         what the models take: series of one kind of period on one calendar
``ahead``         what they give: the distributions of the next periods, and how they are kept
``pooled``        annual series that learn from each other: the attainment model at each series' end
``blend``         monthly, quarterly and annual series by themselves
``seasonal``      what repeats every year
``smoothing``     the Theta and damped-trend filters that ``blend`` weighs
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
