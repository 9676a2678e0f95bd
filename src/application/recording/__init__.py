"""Recording: a command is checked, decided on by the domain, appended, and tried again when somebody was faster."""
