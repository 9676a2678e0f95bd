"""The command ``ecodocket``. All else is imported when it is called, so that Ctrl-C is heard from the start."""

import gc
import os
import sys


def main() -> None:
    """Run the command line."""
    try:
        from interfaces.compute.garbage import look_rarely

        look_rarely()
        _check_modules()
        from interfaces.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("已中断。\nInterrupted.\n")
        sys.stderr.flush()
        os._exit(130)
    try:
        run()
    finally:
        # Else the interpreter takes everything imported apart at the end, which costs a fifth of a question.
        gc.freeze()


def _check_modules() -> None:
    """End unless the packages with common names are our own: another distribution in the same environment may have
    put its own in their place."""
    import application
    import domain

    for package in (domain, application):
        if getattr(package, "DISTRIBUTION", None) != "ecodocket":
            where = package.__file__ or next(iter(package.__path__), "")
            sys.stderr.write(
                f"模块 {package.__name__}（{where}）不是 ecodocket 的：同一环境中的另一个软件包覆盖了它。"
                "请为 ecodocket 单建虚拟环境（见 docs/operating.md）。\n"
                f"The module {package.__name__} ({where}) is not ecodocket's: another package in this environment has"
                " taken its place. Give ecodocket a virtual environment of its own (see docs/operating.md).\n"
            )
            sys.exit(2)
