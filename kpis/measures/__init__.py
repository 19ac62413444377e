"""From a measure kind to numbers: one function per kind, one query for all weeks and one for all days."""
