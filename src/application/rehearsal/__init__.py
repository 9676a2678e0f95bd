"""Rehearsals: what a draft of the law, or another reading, would have changed over the whole history.

How data walks through: ``plan`` checks what is asked and pins it to what is on record → ``drafts`` puts the draft
into the law → the journal is split into parts, and ``part`` folds each file of one once (``files``) and grades it
with and without the draft → ``reasons`` weighs the provisions (``provisions``) for whoever moves →
``published_results`` executes published results from their receipts → ``summary`` puts the parts together.
``rehearsals`` is how people use it: asked for, watched, cancelled, gone on with, kept, looked through.
"""
