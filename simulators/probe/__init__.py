"""A made-up home on the real platform: a door at night, the text, the reply; timed, again and again."""
