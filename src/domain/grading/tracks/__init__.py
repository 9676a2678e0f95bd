"""The three tracks of a subject as they stand on a day: the running grade, each evaluation year, the register."""
