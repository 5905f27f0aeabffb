"""A declared computation, compiled to an Ibis expression and run on DuckDB."""
