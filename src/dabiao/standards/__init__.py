"""The environmental standards as arithmetic: from concentrations and classes to the official indicators. Pure.

Each rule carries how certain its reading is and where it was read (:mod:`dabiao.standards.rules`). docs/standards.md
says the same for people.
"""
