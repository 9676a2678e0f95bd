"""The stores in memory, with the promises of the real ones: for scenario files, dry runs and tests."""
