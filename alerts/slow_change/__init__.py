"""A week of a home beside the four weeks before it: for information, once a week, nobody's case."""
