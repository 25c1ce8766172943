"""Presentations made from work already done: rules per audience, live sources, one deck in three forms."""
