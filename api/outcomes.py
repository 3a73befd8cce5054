"""What can come of an alert, in the words of the form that closes it."""

OUTCOMES = {
    "all_well": "All is well",
    "helped": "Somebody helped",
    "hospital": "Went to hospital",
    "false_visitor": "False: a visitor or family was there",
    "false_rule": "False: the routine we watch for does not fit",
    "kit": "The equipment was at fault",
}
"""Keys are those of alerts/telling/state_table.py. "No answer" is none: such an alert stays open."""
