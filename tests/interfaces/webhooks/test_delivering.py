"""Deliveries to real receivers from a real journal: nothing lost, nothing twice, in the order of each file."""

import base64
import socket
import threading
from collections import defaultdict
from collections.abc import Callable

import msgspec
import psycopg
import pytest

from application.changes import delivering
from application.changes.delivering import MOST_SECONDS, PARKED_SECONDS, TRIES, pause_after
from application.changes.endpoints import MOST_ENDPOINTS, MOST_SECRETS, RotationRequest, WebhookRequest
from application.changes.feed import WantedChanges
from domain.errors import Conflict, Invalid, NotFound, Refused, ReusedKey
from interfaces.postgres.changes.webhooks import PostgresWebhooks
from interfaces.postgres.ciphers import WrongKey
from interfaces.postgres.vault import PostgresVault
from interfaces.webhooks.addresses import Allowed
from interfaces.webhooks.sending import HttpSender
from tests.interfaces.webhooks.conftest import DAY, SECOND, Outside
from tests.support.webhooks import BOUND, Received, Receiver, receivers


def failing_at(*positions: int, status: int = 500) -> Callable[[Received], int]:
    """Answers messages about these positions by an error, and all others well."""
    return lambda received: status if received.position in positions else 204


def of_each(came: list[Received]) -> dict[str, list[int]]:
    """The versions in which the changes of each file came."""
    found: dict[str, list[int]] = defaultdict(list)
    for received in came:
        found[received.said["data"]["subject"]].append(received.said["data"]["version"])
    return found


# --- what is sent -----------------------------------------------------------------------------------------


def test_every_change_after_the_registration_is_sent_once_in_order(outside: Outside, receiver: Receiver) -> None:
    outside.record("A")
    id = outside.register(receiver)
    positions = outside.record("A", "B", "A", "B")
    outside.deliverer().deliver(id)
    assert [p for p in receiver.positions if p in positions] == positions
    assert receiver.positions == sorted(set(receiver.positions))
    assert of_each(receiver.came) == {"A": [3, 4], "B": [1, 2, 3]}
    found = outside.webhooks.get(id)
    assert (found.position, found.behind, found.delivered) == (positions[-1], 0, 5)


def test_a_message_is_what_the_feed_says_signed_as_standard_webhooks_has_it(
    outside: Outside, receiver: Receiver
) -> None:
    made = outside.webhooks.register(WebhookRequest(url=receiver.url), by="clerk")
    (position,) = outside.record("A")[-1:]
    outside.deliverer().deliver(made.webhook.id)
    message = receiver.came[-1]
    (change,) = outside.feed.page(WantedChanges(), after=position - 1, limit=1).changes
    assert message.said == msgspec.to_builtins({"type": change.type, "timestamp": change.recorded_at, "data": change})
    assert message.id == f"{made.webhook.id}_{position}"
    assert message.is_signed_by(made.secret)
    other = base64.b64encode(bytes(32)).decode()
    assert not message.is_signed_by(f"whsec_{other}")
    forged = message._replace(body=message.body.replace(b"fact", b"fake"))
    assert not forged.is_signed_by(made.secret)


def test_only_the_kinds_and_the_place_that_are_wanted_are_sent(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver, region="330000", kinds=("agency",))
    none = outside.register(receiver, kinds=("law",))
    outside.record("A", region="150100")
    (there,) = outside.record("B", region="330400")
    for each in (id, none):
        outside.deliverer().deliver(each)
    assert of_each(receiver.came) == {"B": [1, 2]}
    assert outside.webhooks.get(none).position == there, "what nobody wants is not looked at again"


# --- nothing lost, nothing twice --------------------------------------------------------------------------


def test_what_was_acknowledged_is_not_sent_again_after_a_restart(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver)
    outside.record("A", "B")
    for _ in range(3):
        outside.deliverer().deliver(id)
    assert len(receiver.came) == 4
    outside.record("A")
    outside.deliverer().deliver(id)
    assert len(receiver.came) == 5


def test_an_acknowledgement_that_could_not_be_noted_leads_to_the_same_id_again(
    outside: Outside, receiver: Receiver
) -> None:
    id = outside.register(receiver)
    outside.record("A")

    def cut_off(received: Received) -> int:
        # What was sent is known to the receiver alone: the note of it does not reach the endpoint any more.
        receiver.answering = lambda _: 204
        outside.webhooks.pause(id)
        return 204

    receiver.answering = cut_off
    outside.deliverer().deliver(id)
    assert len(receiver.came) == 1
    outside.webhooks.resume(id)
    outside.deliverer().deliver(id)
    first, again, _ = receiver.came
    assert (again.id, again.body) == (first.id, first.body)


@pytest.mark.slow
def test_a_receiver_that_fails_for_a_day_misses_nothing_and_is_asked_ever_more_rarely(
    outside: Outside, receiver: Receiver
) -> None:
    id = outside.register(receiver)
    outside.record(*"ABABCC")
    begun, pauses = outside.clock.now(), []
    receiver.answering = lambda _: 503
    while outside.clock.now() - begun < DAY:
        outside.deliverer().deliver(id)
        pauses.append(outside.until_next(id))
        outside.record("AB"[len(pauses) % 2])
    assert max(pauses) <= MOST_SECONDS * SECOND
    assert pauses[:3] == [5 * SECOND, 10 * SECOND, 20 * SECOND]
    assert len(receiver.came) < 60
    assert outside.webhooks.get(id).failing_since is not None
    receiver.came.clear()
    receiver.answering = lambda _: 204
    while (found := outside.webhooks.get(id)).behind or found.waiting:
        outside.deliverer().deliver(id)
        outside.until_next(id)
    versions = {s: len(outside.journal.stream(s)) for s in "ABC"}
    assert of_each(receiver.came) == {s: list(range(1, last + 1)) for s, last in versions.items()}
    assert (found.failing_since, found.parked, found.state) == (None, 0, "active")


def test_a_change_that_alone_is_not_taken_holds_up_its_file_and_no_other(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver)
    bad, other, behind = outside.record("A", "B", "A")
    receiver.answering = failing_at(bad)
    for _ in range(TRIES):
        outside.deliverer().deliver(id)
        outside.until_next(id)
    outside.deliverer().deliver(id)
    assert receiver.positions.count(bad) == TRIES + 1
    assert other in receiver.positions
    assert behind not in receiver.positions
    (more,) = outside.record("A")
    outside.deliverer().deliver(id)
    assert [(d.position, d.state, d.tries) for d in outside.aside(id)] == [
        (bad, "waiting", TRIES + 2),
        (behind, "waiting", 0),
        (more, "waiting", 0),
    ]
    receiver.came.clear()
    receiver.answering = lambda _: 204
    outside.until_next(id)
    outside.deliverer().deliver(id)
    assert receiver.positions == [bad, behind, more]
    assert outside.aside(id) == []


@pytest.mark.slow
def test_a_change_that_is_not_taken_for_days_is_parked_listed_and_sent_when_somebody_says_so(
    outside: Outside, receiver: Receiver
) -> None:
    id = outside.register(receiver)
    bad, behind = outside.record("A", "A")
    receiver.answering = failing_at(bad)
    begun = outside.clock.now()
    while not (parked := outside.webhooks.deliveries(id, state="parked", after=0, limit=10).deliveries):
        outside.deliverer().deliver(id)
        outside.until_next(id)
        assert outside.clock.now() - begun < (PARKED_SECONDS + MOST_SECONDS * 2) * SECOND
    assert outside.clock.now() - begun >= PARKED_SECONDS * SECOND
    assert [(d.position, d.next_at, d.last, d.last_status) for d in parked] == [(bad, None, "refused", 500)]
    outside.deliverer().deliver(id)
    assert receiver.positions[-1] == behind, "those behind it go on"
    number = len(receiver.came)
    outside.clock.set(outside.clock.now() + 30 * DAY)
    outside.deliverer().deliver(id)
    assert len(receiver.came) == number, "it is not tried by itself"
    receiver.answering = lambda _: 204
    assert outside.webhooks.retry(id, bad).id == f"{id}_{bad}"
    outside.deliverer().deliver(id)
    assert receiver.positions[number:] == [bad]
    assert outside.aside(id) == []
    with pytest.raises(NotFound):
        outside.webhooks.retry(id, bad)


def test_an_endpoint_that_takes_nothing_for_days_is_stopped_and_misses_nothing_once_resumed(
    outside: Outside, receiver: Receiver
) -> None:
    id = outside.register(receiver)
    outside.record("A", "B", "C")
    receiver.answering = lambda _: 500
    begun = outside.clock.now()
    while outside.webhooks.get(id).state == "active":
        outside.deliverer().deliver(id)
        outside.until_next(id)
    assert outside.clock.now() - begun >= PARKED_SECONDS * SECOND
    with pytest.raises(Conflict):
        outside.webhooks.retry(id, outside.aside(id)[0].position)
    number = len(receiver.came)
    outside.clock.set(outside.clock.now() + 30 * DAY)
    outside.deliverer().deliver(id)
    assert outside.store.due(outside.clock.now()) == []
    assert len(receiver.came) == number
    receiver.answering = lambda _: 204
    outside.record("B")
    outside.webhooks.resume(id)
    outside.deliverer().deliver(id)
    assert of_each(receiver.came[number:]) == {"A": [1, 2], "B": [1, 2, 3], "C": [1, 2]}


def test_an_endpoint_that_has_taken_nothing_for_days_is_stopped_and_nothing_more_is_sent_to_it_by_hand(
    outside: Outside, receiver: Receiver
) -> None:
    id = outside.register(receiver)
    (aside, *_) = outside.record("A", "B")[-2:]
    receiver.answering = lambda _: 500
    for _ in range(TRIES):
        outside.deliverer().deliver(id)
        outside.until_next(id)
    assert outside.webhooks.get(id).state == "active"
    outside.clock.set(outside.clock.now() + PARKED_SECONDS * SECOND)
    outside.deliverer().deliver(id)
    assert outside.webhooks.get(id).state == "stopped"
    with pytest.raises(Conflict, match="webhook_inactive"):
        outside.webhooks.retry(id, aside)


def test_a_receiver_that_is_gone_is_asked_no_more(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver)
    outside.record("A")
    receiver.answering = lambda _: 410
    outside.deliverer().deliver(id)
    found = outside.webhooks.get(id)
    assert (found.state, found.last, found.last_status) == ("stopped", "gone", 410)


def test_a_receiver_that_says_when_to_come_again_is_asked_then_and_within_an_hour(
    outside: Outside, receiver: Receiver
) -> None:
    id = outside.register(receiver)
    outside.record("A")
    receiver.answering = lambda _: 429
    for said, pause in (("120", 120), ("86400", 3600), ("Mon, 01 Jan 2035 00:00:00 GMT", 20)):
        receiver.headers = {"retry-after": said}
        outside.deliverer().deliver(id)
        assert outside.until_next(id) == pause * SECOND


# --- slow, silent and elsewhere ---------------------------------------------------------------------------


def test_a_receiver_that_hangs_holds_up_no_other(outside: Outside) -> None:
    with receivers(2) as (slow, quick):
        let_go = threading.Event()
        slow.answering = lambda _: 204 if let_go.wait(BOUND) else 500
        stuck = [outside.register(slow) for _ in range(3)]
        outside.register(quick)
        outside.record("A", "B")
        deliverer = outside.deliverer()
        try:
            deliverer.tend()
            slow.wait(len(stuck))
            assert [m.said["data"]["subject"] for m in quick.wait(4)] == ["A", "A", "B", "B"]
            outside.record("C")
            deliverer.tend()
            quick.wait(6)
            assert len(slow.came) == len(stuck), "one message at a time"
        finally:
            let_go.set()
            deliverer.end()


@pytest.mark.parametrize(("drips", "seconds"), [(False, 0.05), pytest.param(True, 0.3, marks=pytest.mark.slow)])
def test_an_answer_that_comes_too_late_is_none(
    outside: Outside, receiver: Receiver, drips: bool, seconds: float
) -> None:
    outside.sender = HttpSender(Allowed([("127.0.0.1", None)]), seconds=seconds)
    let_go = threading.Event()
    receiver.answering = lambda _: 204 if let_go.wait(BOUND) else 500
    url = dripping(let_go) if drips else receiver.url
    id = outside.webhooks.register(WebhookRequest(url=url), by="clerk").webhook.id
    outside.record("A")
    try:
        outside.deliverer().deliver(id)
        found = outside.webhooks.get(id)
        assert (found.last, found.last_status, found.delivered) == ("timed_out", None, 0)
    finally:
        let_go.set()


def dripping(let_go: threading.Event) -> str:
    """The address of a server that sends its answer byte by byte and never ends it."""
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with listening, listening.accept()[0] as connection:
            for byte in b"HTTP/1.1 200 OK\r\nx-padding: " + b"x" * 10_000:
                if let_go.wait(0.01):
                    return
                try:
                    connection.send(bytes([byte]))
                except OSError:
                    return

    threading.Thread(target=drip, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_a_redirect_is_never_followed(outside: Outside) -> None:
    with receivers(2) as (receiver, elsewhere):
        id = outside.register(receiver)
        outside.record("A")
        for status in (301, 302, 307, 308):
            receiver.answering = lambda _, status=status: status  # type: ignore[misc]
            receiver.headers = {"location": elsewhere.url}
            outside.deliverer().deliver(id)
            found = outside.webhooks.get(id)
            assert (found.last, found.last_status) == ("redirected", status)
            outside.until_next(id)
        assert elsewhere.came == []


def test_a_receiver_that_is_not_there_is_told_apart(outside: Outside) -> None:
    with receivers() as (receiver,):
        id = outside.register(receiver)
    outside.record("A")
    outside.deliverer().deliver(id)
    assert outside.webhooks.get(id).last == "unreachable"


# --- paused, deleted, taken over --------------------------------------------------------------------------


def test_a_paused_endpoint_is_sent_nothing_and_everything_once_resumed(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver)
    outside.record("A")

    def paused_meanwhile(received: Received) -> int:
        outside.webhooks.pause(id)
        return 204

    receiver.answering = paused_meanwhile
    outside.deliverer().deliver(id)
    assert len(receiver.came) == 1, "the one under way was the last"
    receiver.answering = lambda _: 204
    outside.record("B")
    outside.deliverer().deliver(id)
    assert len(receiver.came) == 1
    outside.webhooks.resume(id)
    outside.deliverer().deliver(id)
    assert {s: sorted(set(v)) for s, v in of_each(receiver.came).items()} == {"A": [1, 2], "B": [1, 2]}


def test_a_deleted_endpoint_is_sent_nothing_more(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver)
    outside.record("A", "B")

    def deleted_meanwhile(received: Received) -> int:
        outside.webhooks.delete(id)
        return 204

    receiver.answering = deleted_meanwhile
    outside.deliverer().deliver(id)
    assert len(receiver.came) == 1
    with pytest.raises(NotFound):
        outside.webhooks.get(id)
    with outside.journal.datastore.get_connection() as conn:
        for table in ("webhook_secrets", "webhook_deliveries"):
            assert conn.execute(f"SELECT * FROM {table}").fetchall() == []


def test_one_process_delivers_and_another_when_that_is_gone(outside: Outside, receiver: Receiver) -> None:
    other = PostgresWebhooks(outside.journal.datastore, outside.vault)
    assert outside.store.claim()
    assert outside.store.claim()
    assert not other.claim()
    outside.store.give_up()
    assert other.claim()
    assert not outside.store.claim()
    with psycopg.connect(outside.url) as conn:
        conn.execute(
            """SELECT pg_terminate_backend(l.pid, 20000) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND d.datname = current_database()"""
        )
    assert outside.store.claim()
    assert not other.claim(), "it has noticed that its connection is gone"


@pytest.mark.slow
def test_whoever_was_overtaken_moves_nothing(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver)
    outside.record("A", "B")
    late = outside.store.get(id)
    assert late is not None
    outside.deliverer().deliver(id)
    before = outside.webhooks.get(id)
    assert not outside.store.move(late, 1)
    assert not outside.store.failed(late, None)
    assert outside.webhooks.get(id) == before


def test_what_is_recorded_while_others_are_sent_is_looked_for_once_they_are(
    outside: Outside, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would look again by himself for an hour."""
    monkeypatch.setattr(delivering, "LOOK_SECONDS", 3600.0)
    outside.register(receiver)
    outside.record("A")
    came_between: list[int] = []

    def record_between(_: Received) -> int:
        receiver.answering = lambda _: 204
        came_between.extend(outside.record("B"))
        return 204

    receiver.answering = record_between
    deliverer = outside.deliverer()

    def tend() -> None:
        for _ in range(3):
            deliverer.tend()

    tending = threading.Thread(target=tend, daemon=True)
    tending.start()
    assert [message.position for message in receiver.wait(4)][-1:] == came_between
    deliverer.end()
    tending.join()


def test_nothing_is_waited_for_once_it_has_ended(
    outside: Outside, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "LOOK_SECONDS", 3600.0)
    outside.register(receiver)
    deliverer = outside.deliverer()
    deliverer.end()
    tending = threading.Thread(target=deliverer.tend, daemon=True)
    tending.start()
    tending.join(30)
    assert not tending.is_alive()


# --- registering ------------------------------------------------------------------------------------------


def test_the_same_request_with_the_same_key_is_the_same_endpoint(outside: Outside, receiver: Receiver) -> None:
    request = WebhookRequest(url=receiver.url, note="甲")
    first = outside.webhooks.register(request, by="clerk", key="k")
    assert outside.webhooks.register(request, by="clerk", key="k") == first
    with pytest.raises(ReusedKey):
        outside.webhooks.register(WebhookRequest(url=receiver.url), by="clerk", key="k")
    assert [w.id for w in outside.webhooks.list().webhooks] == [first.webhook.id]


@pytest.mark.parametrize("overlap", [0, pytest.param(24, marks=pytest.mark.slow)])
def test_a_registration_that_is_sent_again_shows_no_secret_that_somebody_has_made_since(
    outside: Outside, receiver: Receiver, overlap: int
) -> None:
    request = WebhookRequest(url=receiver.url)
    first = outside.webhooks.register(request, by="clerk", key="k")
    outside.webhooks.rotate(first.webhook.id, RotationRequest(overlap_hours=overlap))
    with pytest.raises(Refused, match="secret_replaced"):
        outside.webhooks.register(request, by="clerk", key="k")
    assert [w.id for w in outside.webhooks.list().webhooks] == [first.webhook.id]


def test_no_more_endpoints_are_registered_than_can_be_worked_for(outside: Outside, receiver: Receiver) -> None:
    for _ in range(MOST_ENDPOINTS):
        outside.register(receiver)
    with pytest.raises(Refused, match="too_many"):
        outside.register(receiver)
    outside.webhooks.delete(outside.webhooks.list().webhooks[0].id)
    outside.register(receiver)


def test_secrets_overlap_as_long_as_is_wanted(outside: Outside, receiver: Receiver) -> None:
    made = outside.webhooks.register(WebhookRequest(url=receiver.url), by="clerk")
    id, old = made.webhook.id, made.secret
    new = outside.webhooks.rotate(id, RotationRequest(overlap_hours=1)).secret
    assert new != old
    outside.record("A")
    outside.deliverer().deliver(id)
    assert all(receiver.came[-1].is_signed_by(secret) for secret in (old, new))
    now = outside.clock.now()
    for passed, valid in ((3600 * SECOND - 1, 2), (3600 * SECOND, 1)):
        assert len(outside.store.secrets(id, now + passed)) == valid
    last = outside.webhooks.rotate(id, RotationRequest(overlap_hours=0)).secret
    outside.record("A")
    outside.deliverer().deliver(id)
    assert [receiver.came[-1].is_signed_by(secret) for secret in (old, new, last)] == [False, False, True]


def test_a_new_secret_signs_what_is_left_of_a_page_a_second_later(outside: Outside, receiver: Receiver) -> None:
    made = outside.webhooks.register(WebhookRequest(url=receiver.url), by="clerk")
    outside.record("A", "B")
    new: list[str] = []

    def rotate(_: Received) -> int:
        if not new:
            new.append(outside.webhooks.rotate(made.webhook.id, RotationRequest(overlap_hours=0)).secret)
            outside.clock.set(outside.clock.now() + SECOND)
        return 204

    receiver.answering = rotate
    outside.deliverer().deliver(made.webhook.id)
    assert [message.is_signed_by(made.secret) for message in receiver.came] == [True, False, False, False]
    assert [message.is_signed_by(new[0]) for message in receiver.came] == [False, True, True, True]


def test_so_many_secrets_are_valid_at_once_and_no_more(outside: Outside, receiver: Receiver) -> None:
    id = outside.register(receiver)
    for _ in range(MOST_SECRETS - 1):
        outside.webhooks.rotate(id, RotationRequest())
    with pytest.raises(Refused, match="too_many_secrets"):
        outside.webhooks.rotate(id, RotationRequest())
    outside.webhooks.rotate(id, RotationRequest(overlap_hours=0))


def test_secrets_are_kept_wrapped_under_the_master_key(outside: Outside, receiver: Receiver) -> None:
    made = outside.webhooks.register(WebhookRequest(url=receiver.url), by="clerk")
    secret = base64.b64decode(made.secret.removeprefix("whsec_"))
    with outside.journal.datastore.get_connection() as conn:
        ((wrapped,),) = [tuple(r.values()) for r in conn.execute("SELECT wrapped FROM webhook_secrets").fetchall()]
    assert secret not in bytes(wrapped)
    assert outside.vault.unwrap(made.webhook.id, bytes(wrapped)) == secret
    with pytest.raises(WrongKey):
        outside.vault.unwrap("another", bytes(wrapped))
    with pytest.raises(WrongKey):
        PostgresVault(outside.journal.datastore, bytes(31) + b"1").unwrap(made.webhook.id, bytes(wrapped))


def test_an_address_that_is_not_public_is_not_registered(outside: Outside) -> None:
    for url in ("https://127.0.0.2/", "https://169.254.169.254/latest", "https://[::1]/", "https://10.0.0.1/"):
        with pytest.raises(Invalid, match="address_refused"):
            outside.webhooks.register(WebhookRequest(url=url), by="clerk")
    assert outside.webhooks.list().webhooks == ()


@pytest.mark.parametrize("drawn", [0.0, 0.5, 1.0])
def test_pauses_double_up_to_an_hour_and_chance_takes_no_more_than_half_off(drawn: float) -> None:
    pauses = [pause_after(failures, drawn) for failures in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 5 * (1 - drawn / 2)
    assert pauses[1] == 2 * pauses[0]
    assert pauses[-1] == MOST_SECONDS * (1 - drawn / 2)


def test_a_test_is_sent_at_once_and_moves_nothing(outside: Outside, receiver: Receiver) -> None:
    made = outside.webhooks.register(WebhookRequest(url=receiver.url), by="clerk")
    before = made.webhook
    found = outside.webhooks.test(before.id)
    assert (found.delivered, found.why, found.status) == (True, "delivered", 204)
    assert receiver.came[0].said["type"] == "test"
    assert receiver.came[0].is_signed_by(made.secret)
    receiver.answering = lambda _: 500
    assert outside.webhooks.test(before.id).why == "refused"
    assert outside.webhooks.get(before.id) == before
