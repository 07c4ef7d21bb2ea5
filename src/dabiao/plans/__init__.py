"""Declared targets: plan files, indicators, regions and units of government, read and checked."""
