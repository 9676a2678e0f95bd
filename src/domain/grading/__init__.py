"""What follows from a file under the law: grades with every step, the register, the measures."""
