"""The journal as a folder of Parquet files: written in increments, checked, and read like the journal itself."""
