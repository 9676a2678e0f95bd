"""Who may do what: accounts, roles and places, and the wall before every command and question.

A door (HTTP, the command line) finds out who acts and makes a ``Principal`` (``application.principal``). The table of
roles (``roles.toml``, read by ``roles``) says how far each role's commands and questions reach; ``gate`` holds a
principal against it and against the place of the file that is touched. ``signing_in`` lets accounts in and out,
``signatures`` lets what needs two persons wait for the second.
"""
