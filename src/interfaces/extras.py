"""What is installed apart: heavy libraries that some installations need, each with a lock of its own."""

from importlib.util import find_spec
from typing import Final, NamedTuple

from domain.errors import CaseError
from domain.vocabulary import Text


class Extra(NamedTuple):
    """A library, and what it is for."""

    module: str
    lock: str
    what: Text


PARQUET: Final = Extra(
    "pyarrow", "requirements-embedded.lock", Text("Parquet 文件需要 pyarrow", "Parquet files need pyarrow")
)
CLUSTER: Final = Extra(
    "distributed", "requirements-cluster.lock", Text("集群计算需要 Dask", "work on a cluster needs Dask")
)


class NotInstalled(CaseError):
    """A library is needed that is not installed; the text says how to install it."""

    def __init__(self, extra: Extra) -> None:
        super().__init__(
            "not_installed",
            Text(
                f"{extra.what.zh}，本环境未安装。请在本程序的虚拟环境中执行："
                f"pip install --require-hashes -r {extra.lock}（随源代码提供，见 docs/operating.md）。",
                f"{extra.what.en}, which this environment lacks. In the virtual environment of this program run:"
                f" pip install --require-hashes -r {extra.lock} (it comes with the sources, see docs/operating.md).",
            ),
        )


def need(extra: Extra) -> None:
    """Raise ``NotInstalled`` when a library is missing."""
    if find_spec(extra.module) is None:
        raise NotInstalled(extra)
