"""From the claims of a token to an account, without an issuer: whom they fit, and whom not."""

from typing import Any

import pytest

from application.access.signing_in import NotSignedIn
from interfaces.files.shipped_places import shipped_places
from interfaces.oidc.mapping import Identity, identity
from tests.support.issuer import MAPPING, UNFIT

USUAL = {"sub": "wang", "name": "王某", "roles": ["officer"], "region": "150100"}


def who(issuer: str = "https://id.example", **claims: Any) -> Identity:
    return identity(MAPPING, USUAL | claims, issuer, shipped_places())


@pytest.mark.parametrize("claims", UNFIT, ids=lambda claims: str(claims)[:60])
def test_claims_that_fit_no_single_account_are_nobody_s(claims: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn, match="unmapped"):
        who(**claims)


@pytest.mark.parametrize(
    "sub", ["Wang Wei", "11010519491231002X", "11010519491231002x", "XYZ", "王某", "root-" + "x" * 80]
)
def test_what_is_no_id_here_is_another_digest_at_each_issuer(sub: str) -> None:
    ids = {who(issuer, sub=sub).account.id for issuer in ("https://id.example", "https://other.example")}
    assert len(ids) == 2
    for id in ids:
        assert id.startswith("oidc_")
        assert sub.lower() not in id
