"""``roles`` and ``accounts``: who may do what in words, and accounts kept at the machine of the journal."""

import datetime as dt
import re

import pytest

from application.access.roles import ASKERS, shipped_roles
from interfaces.cli.house import Settings
from interfaces.main import InstalledHouse
from tests.interfaces.command_line import KEY, Ask, Said
from tools.access_page import PAGE, page_of

PASSWORD = "a long enough Passphrase"


@pytest.fixture
def officer(cli: Ask) -> Ask:
    """A command line over a journal with a first administrator and an officer of Hohhot."""
    assert cli("accounts", "first").status == 0
    assert add(cli, "officer-01").status == 0
    return cli


@pytest.fixture
def officer_anywhere(anywhere: Ask) -> Ask:
    """The same command line."""
    assert anywhere("accounts", "first").status == 0
    assert add(anywhere, "officer-01").status == 0
    return anywhere


def add(cli: Ask, id: str, role: str = "officer", place: str = "150100", *more: str) -> Said:
    return cli("accounts", "add", id, "--name", "经办一", "--role", role, "--place", place, *more)


# --- roles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_names_every_role_and_every_row_in_words(ask: Ask, language: str) -> None:
    said = ask("--lang", language, "roles")
    assert said.status == 0
    words = {"zh": ("录入人员", "审计人员", "登记", "制度"), "en": ("clerk", "auditor", "registering", "regime")}
    assert all(word in said.out for word in words[language])


@pytest.mark.parametrize("role", ASKERS)
def test_a_role_is_told_what_it_may_and_nothing_else(ask: Ask, role: str) -> None:
    said = ask("roles", "--role", role)
    named = {line.split()[0] for line in said.out.splitlines() if line.startswith("  ")}
    assert named == {name for row in shipped_roles().rows if role in row.may for name in row.of}


def test_a_script_gets_the_whole_table(ask: Ask) -> None:
    assert {(line["row"], *line["may"]) for line in ask("roles", "--json").json} == {
        (row.name, *row.may) for row in shipped_roles().rows
    }


def test_a_role_that_does_not_exist_is_told_which_there_are(ask: Ask) -> None:
    said = ask("roles", "--role", "boss")
    assert (said.status, said.out) == (2, "")
    assert "officer" in said.err


def test_the_page_about_access_has_the_table_as_it_is() -> None:
    text = PAGE.read_text("utf-8")
    assert page_of(text) == text, "make derived"
    assert all(f"`{name}`" in text for name in shipped_roles().operations)


# --- accounts ---------------------------------------------------------------------------------------------------


def test_the_first_administrator_gets_a_secret_and_another_one_until_it_was_used(cli: Ask) -> None:
    one, two = cli("accounts", "first"), cli("accounts", "first")
    assert one.out.startswith("edl_")
    assert two.out.startswith("edl_")
    assert one.out != two.out
    assert cli("accounts", "list", "--json").json[0]["role"] == "administrator"


def test_with_other_accounts_there_is_no_further_first_one(officer: Ask) -> None:
    said = officer("accounts", "first")
    assert (said.status, said.out) == (1, "")


def test_an_account_is_made_with_a_secret_for_its_owner_alone_on_standard_output(cli: Ask) -> None:
    said = add(cli, "officer-01")
    assert said.status == 0
    *_, secret = said.out.splitlines()
    assert secret.startswith("edl_")
    assert "edl_" not in said.err


@pytest.mark.parametrize(
    ("id", "role", "place", "more"),
    [
        ("X", "officer", "150100", ()),
        ("officer-01", "boss", "150100", ()),
        ("officer-01", "officer", "999999", ()),
        ("officer-01", "participant", "150100", ()),
        ("officer-01", "participant", "150100", ("--subject", "no id")),
        ("officer-01", "officer", "150100", ("--subject", "00000000-0000-4000-8000-00000000000a")),
    ],
)
def test_what_can_be_no_account_is_refused_and_nothing_is_kept(
    anywhere: Ask, id: str, role: str, place: str, more: tuple[str, ...]
) -> None:
    assert add(anywhere, id, role, place, *more).status == 2
    assert anywhere("accounts", "list", "--json").json == []


def test_an_account_is_changed_locked_out_and_let_in_again(officer: Ask) -> None:
    assert officer("accounts", "change", "officer-01", "--role", "legal", "--name", "法制一").status == 0
    assert officer("accounts", "deactivate", "officer-01").status == 0
    account = officer("accounts", "show", "officer-01", "--json").json["account"]
    assert (account["role"], account["name"], account["is_active"]) == ("legal", "法制一", False)
    assert officer("accounts", "activate", "officer-01").status == 0
    assert officer("accounts", "unlock", "officer-01").status == 0
    assert officer("accounts", "reset", "officer-01").out.startswith("edl_")
    log = officer("accounts", "log", "officer-01", "--json").json
    assert [line["what"] for line in log][-1] == "made"
    assert {"changed", "deactivated", "activated", "unlocked", "reset"} <= {line["what"] for line in log}
    assert all(line["by"].endswith("@localhost") for line in log)
    told = officer("accounts", "log", "officer-01").out
    assert "建立  角色 经办人员" in told
    assert not re.search(r"[a-z]+_[a-z]+|=", told)


def test_a_token_is_told_once_and_ends_when_it_is_revoked(officer_anywhere: Ask) -> None:
    made = officer_anywhere("accounts", "token", "officer-01", "--note", "报表", "--days", "30")
    assert made.out.startswith("edt_")
    (token,) = officer_anywhere("accounts", "show", "officer-01", "--json").json["tokens"]
    assert token not in made.out
    assert made.out.strip() not in officer_anywhere("accounts", "log").out
    assert officer_anywhere("accounts", "revoke", "officer-01", token).status == 0
    assert officer_anywhere("accounts", "show", "officer-01", "--json").json["tokens"] == []
    assert officer_anywhere("accounts", "revoke", "officer-01", token).status == 2


def test_a_deputy_stands_in_for_some_days_and_no_longer_once_it_is_ended(officer: Ask) -> None:
    add(officer, "officer-02")
    until = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)).isoformat()
    assert officer("accounts", "deputy", "officer-01", "officer-02", "--until", until).status == 0
    assert officer("accounts", "show", "officer-01", "--json").json["deputies"][0]["deputy"] == "officer-02"
    assert officer("accounts", "deputy", "officer-01", "--end").status == 0


@pytest.mark.parametrize("given", [(), ("officer-02",), ("officer-02", "--until", "2030-01-01", "--end")])
def test_half_a_deputy_is_refused(officer_anywhere: Ask, given: tuple[str, ...]) -> None:
    assert officer_anywhere("accounts", "deputy", "officer-01", *given).status == 2


def test_an_account_that_nobody_has_is_told_for_every_command(anywhere: Ask) -> None:
    for command in ("show", "reset", "unlock", "deactivate", "activate", "sign-out", "log"):
        assert anywhere("accounts", command, "nobody").status == 2, command


@pytest.mark.slow
def test_what_is_made_here_lets_people_in(officer: Ask, founded_url: str) -> None:
    secret = officer("accounts", "reset", "officer-01").out.strip()
    with InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, "DATABASE_URL": founded_url}).open(Settings()) as product:
        door = product.administering.door
        door.use_link(secret, PASSWORD)
        assert door.sign_in("officer-01", PASSWORD).account.role == "officer"
