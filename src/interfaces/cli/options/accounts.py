"""Accounts."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json

_Account = Annotated[str, typer.Argument(help=told("help.accounts.account"))]
_Name = Annotated[str | None, typer.Option(help=told("help.accounts.name"))]
_Role = Annotated[str | None, typer.Option(help=told("help.accounts.role"))]
_Place = Annotated[str | None, typer.Option(help=told("help.accounts.place"))]
_Subject = Annotated[str | None, typer.Option(help=told("help.accounts.subject"))]


def first(
    ctx: typer.Context,
    account: Annotated[str | None, typer.Argument(help=told("help.accounts.first.account"))] = None,
    name: _Name = None,
) -> None:
    """Make the first administrator: the secret of a link that sets the password, once."""
    from interfaces.cli.commands import access

    access.first(ctx.obj, account, name)


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """All accounts."""
    from interfaces.cli.commands import access

    access.show_list(ctx.obj, as_json=as_json)


def show(ctx: typer.Context, account: _Account, as_json: Json = False) -> None:
    """One account, with tokens, deputies and log."""
    from interfaces.cli.commands import access

    access.show(ctx.obj, account, as_json=as_json)


def add(
    ctx: typer.Context,
    account: _Account,
    name: Annotated[str, typer.Option(help=told("help.accounts.name"))],
    role: Annotated[str, typer.Option(help=told("help.accounts.role"))],
    place: Annotated[str, typer.Option(help=told("help.accounts.place"))],
    subject: _Subject = None,
    service: Annotated[bool, typer.Option("--service", help=told("help.accounts.service"))] = False,
) -> None:
    """Make an account."""
    from interfaces.cli.commands import access

    access.add(ctx.obj, account, name=name, role=role, place=place, subject=subject, is_service=service)


def change(
    ctx: typer.Context,
    account: _Account,
    name: _Name = None,
    role: _Role = None,
    place: _Place = None,
    subject: _Subject = None,
) -> None:
    """Change an account; its sessions end."""
    from interfaces.cli.commands import access

    access.change(ctx.obj, account, name=name, role=role, place=place, subject=subject)


def reset(ctx: typer.Context, account: _Account) -> None:
    """End all sessions and tokens; the secret of a link that sets a new password."""
    from interfaces.cli.commands import access

    access.reset(ctx.obj, account)


def unlock(ctx: typer.Context, account: _Account) -> None:
    """Let an account try again after wrong passwords."""
    from interfaces.cli.commands import access

    by = access.local_administrator()
    access.settle(ctx.obj, lambda product: product.administering.unlock(by, account))


def deactivate(ctx: typer.Context, account: _Account) -> None:
    """Let an account in no more."""
    from interfaces.cli.commands import access

    by = access.local_administrator()
    access.settle(ctx.obj, lambda product: product.administering.deactivate(by, account))


def activate(ctx: typer.Context, account: _Account) -> None:
    """Let an account in again."""
    from interfaces.cli.commands import access

    by = access.local_administrator()
    access.settle(ctx.obj, lambda product: product.administering.activate(by, account))


def sign_out(ctx: typer.Context, account: _Account) -> None:
    """End all sessions of an account."""
    from interfaces.cli.commands import access

    access.sign_out(ctx.obj, account)


def token(
    ctx: typer.Context,
    account: _Account,
    note: Annotated[str, typer.Option(help=told("help.accounts.token.note"))],
    days: Annotated[int, typer.Option(min=1, max=365, help=told("help.accounts.token.days"))] = 90,
) -> None:
    """Make a token for a program; its secret is told once."""
    from interfaces.cli.commands import access

    access.make_token(ctx.obj, account, note=note, days=days)


def revoke(
    ctx: typer.Context,
    account: _Account,
    token: Annotated[str, typer.Argument(help=told("help.accounts.revoke.token"))],
) -> None:
    """End a token."""
    from interfaces.cli.commands import access

    access.revoke(ctx.obj, account, token)


def deputy(
    ctx: typer.Context,
    account: _Account,
    deputy: Annotated[str | None, typer.Argument(help=told("help.accounts.deputy.deputy"))] = None,
    from_on: Annotated[str | None, typer.Option("--from", help=told("help.accounts.deputy.from_on"))] = None,
    until_on: Annotated[str | None, typer.Option("--until", help=told("help.accounts.deputy.until_on"))] = None,
    end: Annotated[bool, typer.Option("--end", help=told("help.accounts.deputy.end"))] = False,
) -> None:
    """Let another account stand in for one for some days, or end it."""
    from interfaces.cli.commands import access

    access.name_deputy(ctx.obj, account, deputy, from_on=from_on, until_on=until_on, end=end)


def log(
    ctx: typer.Context,
    account: Annotated[str | None, typer.Argument(help=told("help.accounts.log.account"))] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=told("help.accounts.log.limit"))] = 100,
    as_json: Json = False,
) -> None:
    """What was done to accounts, by whom and when, the newest first."""
    from interfaces.cli.commands import access

    access.log(ctx.obj, account, limit=limit, as_json=as_json)
