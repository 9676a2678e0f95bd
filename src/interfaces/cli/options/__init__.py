"""The commands and their options, in modules that import nothing but what options need.

``interfaces.cli.app`` has the table of which command stands where. The docstring of a command is its help.
"""
