"""The fold: raw events -> additive facts, here in DuckDB or where an engine of the user's runs.

An engine (`here.Duckdb`, or `elsewhere.Elsewhere` around a worker) has `fold(con, parameters)`: it leaves five
temporary tables on the build's connection, the same rows whatever engine it was, for the publish step.
"""
