"""The options and arguments that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

# --- which answer ---------------------------------------------------------------------------------------------

Subject = Annotated[str, typer.Argument(help="主体编号 / id of the subject")]
RegimeIfSeveral = Annotated[str | None, typer.Option(help="评价制度；只有一个时可省 / regime, when there are several")]
RegimeOfYear = Annotated[str, typer.Argument(help="评价制度，如 nmg.third_party / the regime")]
Year = Annotated[str, typer.Argument(help="评价年度 / evaluation year")]
Region = Annotated[str | None, typer.Option(help="行政区划代码，含其下级 / code of a region or city")]
Edition = Annotated[str, typer.Argument(help="版本编号或 TOML 文件 / id of an edition, or a TOML file")]

# --- of which day, and as known when ----------------------------------------------------------------------------

AsOf = Annotated[str | None, typer.Option(help="哪一天，默认今天 / of which day")]
OnDay = Annotated[str | None, typer.Option(help="哪一天，默认今天 / on which day")]
GradeDay = Annotated[str | None, typer.Option(help="哪一天的等级，YYYY-MM-DD，默认今天 / of which day")]
KnownAt = Annotated[str | None, typer.Option(help="当时所知 / as known when")]
KnownAtOrNow = Annotated[str | None, typer.Option(help="当时所知，默认现在 / as known when")]
KnownAtMoment = Annotated[
    str | None, typer.Option(help="当时所知：日期或带时差的时刻，默认现在 / as known when: a date or an instant")
]

# --- who records ------------------------------------------------------------------------------------------------

Actor = Annotated[str | None, typer.Option("--as", help="记录人 / who acts")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只试算，不记录 / try, store nothing")]

# --- where work over the whole journal is done ------------------------------------------------------------------

Cores = Annotated[
    int | None,
    typer.Option(
        help="用几个进程；默认：日志超过十万条事项用全部核心，否则一个"
        " / how many processes; default: all cores above 100,000 events, else one"
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(help="在 Dask 集群上执行，如 tcp://主机:8786 / on the workers of a Dask scheduler, tcp://host:8786"),
]
FromParquet = Annotated[
    Path | None,
    typer.Option(help="从 Parquet 导出读取，不读数据库 / read from a Parquet export instead of the database"),
]

# --- what is written --------------------------------------------------------------------------------------------

Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取 / JSON for scripts")]
Csv = Annotated[Path | None, typer.Option(help="写入 CSV 文件（供电子表格） / write a CSV file")]
Parquet = Annotated[Path | None, typer.Option(help="写入 Parquet 文件 / write a Parquet file")]
Table = Annotated[
    str,
    typer.Option(help="写入哪张表：changes 主体，decisions 已公布结果，matrix 矩阵 / which table is written"),
]
