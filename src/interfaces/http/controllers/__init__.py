"""The controllers of the API, one for each kind of thing it is about."""
