"""What stands behind the lines of an answer, beside its core: papers, and the earlier records on which lines rest."""
