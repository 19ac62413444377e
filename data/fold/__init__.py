"""The fold: raw events -> additive facts, where an engine of the user's runs. DuckDB folds in the build itself.

An engine (`elsewhere.Elsewhere` around a worker) has `fold(con, parameters)`: it leaves five temporary tables on the
build's connection, the same rows whatever engine it was, for the publish step.
"""
