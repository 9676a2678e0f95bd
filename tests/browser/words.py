"""What stands on a control, in the words that the product shows: a test that finds it by them outlives a new word."""

from application.principal import Role
from interfaces.wording.roles import role_title
from interfaces.wording.texts import Language, said


def role_named(role: Role, language: Language) -> str:
    """What a role is called."""
    return said(role_title(role), language)
