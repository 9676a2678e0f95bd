"""What is recorded, and the procedures that go on with it: a controller a procedure."""
