"""How the pages are shown to one person: what they look for, and light or dark."""

from litestar import Controller

from application.access.read_log import LONGEST_PURPOSE
from interfaces.web.page import (
    ACTING_COOKIE,
    PURPOSE_COOKIE,
    THEME_COOKIE,
    GoTo,
    PageRequest,
    PageView,
    is_purpose,
    own_address,
    page,
)
from interfaces.wording.texts import say


class PreferenceController(Controller):
    """What a browser keeps for whoever sits at it."""

    @page("/purpose")
    async def show_purpose(self, page: PageRequest) -> PageView:
        """The form that asks what files are looked at for."""
        return PageView("purpose.html", {"most": LONGEST_PURPOSE, "to": own_address(page.query.get("to"))})

    @page("/purpose", posts=True)
    async def set_purpose(self, page: PageRequest) -> PageView | GoTo:
        """Keep what was said, until the browser is closed."""
        to, said = own_address(page.form.get("to")), page.form.get("purpose", "").strip()
        if not is_purpose(said):
            detail = say("requests.purpose", page.language, most=LONGEST_PURPOSE)
            given = {"most": LONGEST_PURPOSE, "to": to, "faults": [{"field": "purpose", "detail": detail}]}
            return PageView("purpose.html", given, 422)
        return GoTo(to, [(b"set-cookie", page.kept(PURPOSE_COOKIE, said))])

    @page("/acting", posts=True)
    async def set_acting(self, page: PageRequest) -> GoTo:
        """Act for somebody for whom one stands in, or as oneself again."""
        meant = page.form.get("for", "")
        is_one = any(account.id == meant for account in page.may_act_for)
        kept = page.kept(ACTING_COOKIE, meant) if is_one else page.kept(ACTING_COOKIE, "", 0)
        return GoTo(own_address(page.form.get("to")), [(b"set-cookie", kept)])

    @page("/theme")
    async def show_themes(self, page: PageRequest) -> PageView:
        """The form that asks for light or dark."""
        return PageView("theme.html", {"to": own_address(page.query.get("to"))})

    @page("/theme", posts=True)
    async def set_theme(self, page: PageRequest) -> GoTo:
        """Keep what was chosen."""
        kept = page.kept(THEME_COOKIE, page.form.get("theme", ""), 31_536_000)
        return GoTo(own_address(page.form.get("to")), [(b"set-cookie", kept)])
