"""Facts as Parquet, figures with coverage, comparison and lineage."""
