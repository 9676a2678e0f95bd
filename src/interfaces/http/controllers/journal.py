"""The journal and the health of the server."""

import msgspec
from litestar import Controller

from domain.time import iso_utc
from interfaces.http.handlers import Asking, question
from interfaces.http.health import Health
from interfaces.http.replying import Reply, told


class JournalHead(msgspec.Struct, frozen=True, kw_only=True):
    """The end of the journal: its highest position and when that was recorded (``None`` when empty)."""

    position: int
    recorded_at: str | None


class JournalController(Controller):
    """The journal and the health of the server."""

    tags = ("journal",)

    @question("/journal/head", is_of_the_primary=True)
    def get_head(self, *, caller: Asking) -> Reply[JournalHead]:
        """End of the journal. 日志末端。

        最高位置及其记录时间。

        The highest position and its recording time.
        """
        head = caller.at.journal.head()
        recorded_at = iso_utc(head.recorded_at) if head.position else None
        return told(JournalHead(position=head.position, recorded_at=recorded_at))

    @question("/health", "unavailable", is_of_the_primary=True)
    async def get_health(self, *, caller: Asking) -> Reply[Health]:
        """Health. 健康检查。

        服务可用且能读取日志；数据库不可用时为 503。status 为 degraded 时仍可查询，findings 说明何处不正常、如何处理（索
        引停止、案卷搁置、磁盘将满、时钟不一致等）。standbys 列出各备库到达的位置、落后多少、能否连接。

        The server answers and reaches its journal; without the database it is 503. While `status` is `degraded`
        questions are answered, and `findings` says what is out of order and what to do (an index that has stopped,
        files parked, a disk nearly full, clocks apart). `standbys`: how far each standby is, how many positions it is
        behind, whether it can be reached.
        """
        return await caller.desk.watch.answer()
