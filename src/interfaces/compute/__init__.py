"""Where long work is done: in this process, on the cores of this machine, on a cluster."""
