"""The list of articles of an edition: what a citation points to, and what lint says of one that points to nothing."""

import msgspec
import pytest

from domain.law.citations import Articles, CitedPlace, cites_in_order, unit_of
from domain.law.edition import Edition, Erratum, Words
from domain.law.lint import lint
from domain.vocabulary import Article
from interfaces.files.shipped import shipped_editions
from tests.support.words import words_of

ARTICLES = Articles(
    [
        Article(cites="art. 5", items=(4,)),
        Article(cites="art. 20", paragraphs=3, items=(4,), clauses={"(3)": 2}),
        Article(cites="art. 18", items=(6,), points={"(2)": 7}),
        Article(cites="art. 34", items=(3,), printed=(1, 2, 2)),
        Article(cites="art. 35", items=(3,), printed=(2, 1, 3)),
        Article(cites="部令第9号 art. 26", paragraphs=2),
    ]
)


def edition(id: str) -> Edition:
    return next(s.edition for s in shipped_editions() if s.edition.id == id)


@pytest.mark.parametrize(
    ("cite", "place"),
    [
        ("art. 5(4)", CitedPlace("art. 5", item=4)),
        ("art. 5(5)", None),
        ("art. 5(1)(1)", None),
        ("art. 20(3)", CitedPlace("art. 20", paragraph=3)),
        ("art. 20(4)", None),
        ("art. 20(1)(4)", CitedPlace("art. 20", paragraph=1, item=4)),
        ("art. 20(1)(5)", None),
        ("art. 20(2)(1)", None),
        ("art. 20(3)2", CitedPlace("art. 20", paragraph=3)),
        ("art. 20(3)3", None),
        ("art. 18(2)7", CitedPlace("art. 18", item=2, point=7)),
        ("art. 18(2)8", None),
        ("art. 18(1)1", None),
        ("art. 34(1)", CitedPlace("art. 34", item=1)),
        ("art. 34(2)", CitedPlace("art. 34", item=2, printed=2)),
        ("art. 34(3)", CitedPlace("art. 34", item=3, printed=2)),
        ("art. 35(1)", CitedPlace("art. 35", item=1, printed=2)),
        ("art. 35(2)", CitedPlace("art. 35", item=2, printed=1)),
        ("art. 35(3)", CitedPlace("art. 35", item=3)),
        ("部令第9号 art. 26(2)", CitedPlace("部令第9号 art. 26", paragraph=2)),
        ("art. 6", None),
        ("art. 5(4)\n", None),
    ],
)
def test_a_citation_points_to_a_paragraph_or_an_item_by_what_its_article_has(
    cite: str, place: CitedPlace | None
) -> None:
    assert ARTICLES.place(cite) == place


@pytest.mark.parametrize(
    ("cite", "unit"),
    [("art. 18(2)3", "art. 18"), ("art. 20(1)(4)", "art. 20"), ("II(3)1", "II"), ("annex 1", "annex 1")],
)
def test_a_citation_begins_with_its_article(cite: str, unit: str) -> None:
    assert unit_of(cite) == unit


def test_citations_stand_as_their_texts_do_and_not_as_they_were_used() -> None:
    parent = Articles([Article(cites="II", items=(2,)), Article(cites="art. 5", items=(4,))])
    with_parent = [parent, Articles([Article(cites="art. 34", items=(3,)), Article(cites="II", items=(2,))])]
    assert cites_in_order(["art. 34(2)", "II(1)"], with_parent) == ("II(1)", "art. 34(2)"), (
        "the paper above comes first"
    )
    used = [
        "annex 9", "art. 34(2)", "art. 18(2)3", "art. 20(3)", "art. 18", "部令第9号 art. 26", "art. 5(4)", "art. 18(2)",
        "art. 20(1)(4)", "II(1)", "art. 18(2)1", "art. 20(3)2", "II", "art. 18", "annex 2",
    ]  # fmt: skip
    assert cites_in_order(used, [parent, ARTICLES]) == (
        *("II", "II(1)"),
        *("art. 5(4)", "art. 20(1)(4)", "art. 20(3)", "art. 20(3)2"),
        *("art. 18", "art. 18(2)", "art. 18(2)1", "art. 18(2)3", "art. 34(2)", "部令第9号 art. 26"),
        *("annex 9", "annex 2"),
    ), "the list of the text says which article follows which, and what no text has comes last, as it was used"


@pytest.mark.parametrize(
    ("id", "cite", "told"),
    [
        ("nmg.third_party@draft", "art. 28(4)", "art. 28 有 3 款"),
        ("ningbo.monitoring@draft", "art. 34", "没有 art. 34"),
        ("ningbo.monitoring@draft", "art. 20(6)", "art. 20 有 3 款"),
        ("jiaxing.monitoring@2023", "art. 13(1)", "没有 art. 13"),
        ("wenzhou.intermediary@draft", "art. 12(11)", "各款的项数为 10"),
    ],
)
def test_lint_refuses_a_citation_of_what_the_text_does_not_have(id: str, cite: str, told: str) -> None:
    slip = Erratum(cites=cite, words=Words(zh="误", en="a slip"))
    found = lint(msgspec.structs.replace(edition(id), erratum=(slip,)))
    assert [told in words_of(problem).zh for problem in found] == [True]


def test_lint_refuses_a_list_that_contradicts_itself() -> None:
    articles = (
        *(a for a in edition("nmg.third_party@draft").article if a.cites not in ("art. 1", "art. 4", "art. 9")),
        Article(cites="art. 1"),
        Article(cites="art. 1"),
        Article(cites="art. 4", items=(1, 2)),
        Article(cites="art. 9", items=(2,), printed=(1,), points={"(3)": 1}),
    )
    found = lint(msgspec.structs.replace(edition("nmg.third_party@draft"), article=articles))
    assert [p.place.rpartition("].")[2] for p in found] == ["cites", "items", "points.(3)", "printed"]


def test_an_edition_of_an_older_journal_that_lacks_the_list_still_holds() -> None:
    assert lint(msgspec.structs.replace(edition("nmg.third_party@draft"), article=())) == ()
