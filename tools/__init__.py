"""Tools of the workshop: they read source code, so they are no part of the product."""
