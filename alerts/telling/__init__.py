"""Telling people until somebody has it: alert states, ladders, texts out and texts in."""
