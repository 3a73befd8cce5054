"""Routines as people agree on them: suggested from a home's past, tried on it, accepted, changed, written down."""
