"""The desk in a browser: pages that ask the questions and give the commands of the API, and compute nothing themselves.

``site.py`` lists the pages; each has a module in ``pages/`` and a folder of its name in ``templates/``.
"""
