"""Watching over the devices themselves, for the housing team. It never texts a family."""
