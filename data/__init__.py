"""Where numbers come from and where they rest. The only package that imports duckdb."""
