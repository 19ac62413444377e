"""Route templates: identifiers go, words stay."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import routes

CASES = {
    "/posts/3kabc": "/posts/:id",
    "/posts/3kabcdefghij2/likes": "/posts/:id/likes",
    "/api/v1/users/42?page=2#top": "/api/v1/users/:id",
    "https://app.example.org/posts/550e8400-e29b-41d4-a716-446655440000/": "/posts/:id",
    "/profile/did:plc:abc123xyz/feed": "/profile/:id/feed",
    "/profile/alice.bsky.social": "/profile/:id",
    "/profile/alice.example": "/profile/:id",
    "/@alice/posts": "/:id/posts",
    "/xrpc/app.bsky.feed.getTimeline": "/xrpc/app.bsky.feed.getTimeline",
    "/xrpc/app.bsky.actor.profile": "/xrpc/app.bsky.actor.profile",
    "/at%3A%2F%2Fdid%3Aplc%3Aabc/app.bsky.feed.post/3k44": "/:id/app.bsky.feed.post/:id",
    "/commit/deadbeef01": "/commit/:id",
    "/files/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": "/files/:id",
    "/blob/bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy": "/blob/:id",
    "/users/anna@example.org/settings": "/users/:id/settings",
    "/reports/2026-03-02": "/reports/:id",
    "/feeds/announcements": "/feeds/announcements",
    "/recommendations/personalised": "/recommendations/personalised",
    "/oauth2/callback": "/oauth2/callback",
    "/api/beta-week-1/summary": "/api/beta-week-1/summary",
    "/posts/:id/likes": "/posts/:id/likes",
    "/posts/{postId}": "/posts/:postId",
    "/static/app.js": "/static/app.js",
    "posts//7/": "/posts/:id",
    "/": "/",
    "": "/",
}


@pytest.mark.parametrize("path", CASES)
def test_templates(path):
    assert routes.template(path) == CASES[path]


@pytest.mark.parametrize("path", CASES)
def test_a_template_is_its_own_template(path):
    assert routes.template(CASES[path]) == CASES[path]


@given(
    st.uuids(), st.integers(0, 10**12), st.text(alphabet="234567abcdefghijklmnopqrstuvwxyz", min_size=12, max_size=12)
)
def test_identifiers_never_survive(uuid, number, key):
    assert routes.template(f"/a/{uuid}/b/{number}/c/3{key}") == "/a/:id/b/:id/c/:id"


@given(st.text(max_size=3000))
def test_a_route_is_short_and_starts_with_a_slash(path):
    route = routes.template(path)
    assert route.startswith("/")
    assert len(route) <= routes.LONGEST


PIECES = [
    "/", "//", "?", "#", "://", "http://", ":", "@", ".", "-", " ", "\n", "%2F", "%20", "%31", "{x}", "v1", "v12.3",
    "x", "12", "3kabc", "3kab.js", "12.json", "1.2", "2026-03-02", "deadbeef01", "abc123def", "did:plc:ab1",
    "did:plc:a/b", "550e8400-e29b-41d4-a716-446655440000", "@anna", "users", "u", "xrpc",
    "anna.example.org", "app.bsky.getPosts", "\u0661\u0662", "\u212a12", "\u017f", "E3B0C4", "posts", "x" * 90,
]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30), max_size=8))
def test_collapsed_paths_have_the_same_templates(paths):
    assert [routes.template(p) for p in routes.collapsed(pa.array(paths, pa.string())).to_pylist()] == [
        routes.template(p) for p in paths
    ]


def test_paths_that_differ_in_identifiers_alone_are_looked_at_once():
    paths = [f"/posts/{n}/{n * 7}/3k{n:011d}/comments?page={n}" for n in range(1000)] + [None]
    assert set(routes.collapsed(pa.array(paths)).to_pylist()) == {"/posts/:id/:id/:id/comments?", None}


@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30), max_size=8),
    st.booleans(),
)
def test_numbered_paths_have_the_same_templates(paths, many):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(routes, "FEW", 0 if many else 200)
        coded = routes.codes(pa.array(paths, pa.string()))
    assert [routes.template(p) for p in coded.to_pylist()] == [routes.template(p) for p in paths]


@pytest.mark.parametrize("form", ["/posts/%d/%d/comments", "/posts/%d", "/a/%d/3k234567abcd%d/x?%d"])
def test_numbered_paths_are_few(form):
    paths = [form % ((n,) * form.count("%")) for n in range(1000)]
    assert len(routes.codes(pa.array(paths)[7:]).dictionary) == 1


def test_a_number_at_the_edge_of_two_paths_is_two_numbers():
    """The trap: columns of texts are one run of bytes, and 1 and 2 at the edge of two paths read as 12."""
    for paths in (["/a/1", "2/b"], ["/a/", "2/b"], ["/a/1", "", "/2"], ["", "7"], ["/9"]):
        assert [routes.template(p) for p in routes.codes(pa.array(paths)).to_pylist()] == [
            routes.template(p) for p in paths
        ]
