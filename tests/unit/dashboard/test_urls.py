"""An address says everything that a page shows, and is read back as it was written."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dabiao.i18n import LANGS
from dabiao.services.pages.views import FILTERS
from dashboard import routes, urls

values = st.lists(st.text(min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=4, unique=True)
queries = st.builds(
    lambda filters, as_of, lang: urls.Query(
        {name: tuple(filters[name]) for name in FILTERS if name in filters}, as_of, lang
    ),
    st.dictionaries(st.sampled_from(FILTERS), values),
    st.none() | st.dates(),
    st.none() | st.sampled_from(LANGS),
)


@given(queries)
def test_a_query_survives_its_address(query: urls.Query) -> None:
    """Whatever was filtered, on whatever day and in whichever language, the address brings it back."""
    assert urls.parse(urls.encode(query)) == query


@given(st.text())
def test_any_address_can_be_read(search: str) -> None:
    """No address makes the program fail, and what was understood of it is stable."""
    query = urls.parse(search)
    assert urls.parse(urls.encode(query)).filters == query.filters


def test_unknown_names_are_passed_over() -> None:
    """A name that is no filter changes nothing."""
    assert urls.parse("?colour=red&status=met") == urls.Query({"status": ("met",)})


def test_a_wrong_day_is_kept_as_wrong() -> None:
    """A day that is none is not taken for today in silence."""
    query = urls.parse("?as_of=2026-02-30")
    assert query.as_of is None
    assert query.wrong == "2026-02-30"


def test_a_target_keeps_the_day_and_drops_the_filters() -> None:
    """On the way to a target the day and the language go along; the list's filters do not."""
    query = urls.Query({"status": ("met",)}, date(2023, 12, 31), "en")
    assert urls.target("a b/c", query) == "/target/a%20b%2Fc?as_of=2023-12-31&lang=en"


def test_routes_find_their_pages() -> None:
    """Each address has one page, and a path that is none has no page."""
    found = routes.find("/target/jilin-2024-pm25")
    assert found is not None
    assert (found[0].name, found[1]) == ("target", ("jilin-2024-pm25",))
    home = routes.find("/")
    assert home is not None
    assert home[0].name == "overview"
    for path in ("/target/", "/target/a/b", "/nowhere", "//"):
        assert routes.find(path) is None or path == "//"
