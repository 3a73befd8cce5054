"""Recorded homes played again: replay, dry run, and rules suggested from a home's habits. No database."""
