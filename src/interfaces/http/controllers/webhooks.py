"""Webhooks: endpoints of other systems, their secrets, and what they did not take."""

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.access.reading_place import EVERYWHERE
from application.changes.endpoints import (
    Delivery,
    DeliveryList,
    RotationRequest,
    Webhook,
    WebhookList,
    WebhookRequest,
    WebhookSecret,
    WebhookTest,
)
from domain.errors import NotFound
from interfaces.http.access.guarding import is_within_reach
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AfterPosition, DeliveryPosition, LimitChanges, StateOfDelivery, WebhookId
from interfaces.http.recording import Nothing
from interfaces.http.replying import NO_STORE, ROOT, Reply, reply
from interfaces.http.use_cases import PAGE


class WebhooksController(Controller):
    """Webhooks: endpoints of other systems, their secrets, and what they did not take."""

    tags = ("webhooks",)

    @command("/webhooks", "refused", "reused_key", status=201)
    def register_webhook(self, data: JSONBody[WebhookRequest], *, acting: Writing) -> Reply[WebhookSecret]:
        """Register an endpoint."""
        caller = acting.asked.caller
        if caller.is_walled:
            region = acting.at.gate.region(caller.principal, caller.reach, data.region)
            data = msgspec.structs.replace(data, region=region)
        found = acting.at.webhooks.register(data, by=acting.by.recorded_as, key=acting.key)
        place = (b"location", f"{ROOT}/webhooks/{found.webhook.id}".encode())
        return reply(found, place, NO_STORE, status=201)

    @question("/webhooks", is_of_the_primary=True)
    def get_webhooks(self, *, caller: Asking) -> Reply[WebhookList]:
        """Endpoints."""
        found = caller.at.webhooks.list()
        own = tuple(webhook for webhook in found.webhooks if _is_within_reach(caller, webhook))
        return reply(msgspec.structs.replace(found, webhooks=own), NO_STORE)

    @question("/webhooks/{webhook}", "not_found", is_of_the_primary=True)
    def get_webhook(self, webhook: WebhookId, *, caller: Asking) -> Reply[Webhook]:
        """An endpoint and how it stands."""
        return reply(_reached(caller, webhook), NO_STORE)

    @command("/webhooks/{webhook}", method="DELETE", status=204)
    def delete_webhook(self, webhook: WebhookId, *, acting: Writing) -> Reply[None]:
        """Delete an endpoint."""
        _reached(acting.asked, webhook)
        acting.at.webhooks.delete(webhook)
        return Reply(204, b"")

    @command("/webhooks/{webhook}/secret", "refused", status=200)
    def rotate_webhook_secret(
        self, webhook: WebhookId, data: JSONBody[RotationRequest], *, acting: Writing
    ) -> Reply[WebhookSecret]:
        """Give an endpoint a new secret."""
        _reached(acting.asked, webhook)
        return reply(acting.at.webhooks.rotate(webhook, data), NO_STORE)

    @command("/webhooks/{webhook}/pause", status=200)
    def pause_webhook(self, webhook: WebhookId, data: JSONBody[Nothing], *, acting: Writing) -> Reply[Webhook]:
        """Pause an endpoint."""
        _reached(acting.asked, webhook)
        return reply(acting.at.webhooks.pause(webhook), NO_STORE)

    @command("/webhooks/{webhook}/resumption", status=200)
    def resume_webhook(self, webhook: WebhookId, data: JSONBody[Nothing], *, acting: Writing) -> Reply[Webhook]:
        """Resume an endpoint."""
        _reached(acting.asked, webhook)
        return reply(acting.at.webhooks.resume(webhook), NO_STORE)

    @command("/webhooks/{webhook}/test", status=200, is_long=True)
    def test_webhook(self, webhook: WebhookId, data: JSONBody[Nothing], *, acting: Writing) -> Reply[WebhookTest]:
        """Send a test to an endpoint."""
        _reached(acting.asked, webhook)
        return reply(acting.at.webhooks.test(webhook), NO_STORE)

    @question("/webhooks/{webhook}/deliveries", "not_found", is_of_the_primary=True)
    def get_webhook_deliveries(
        self,
        webhook: WebhookId,
        state_of: StateOfDelivery = None,
        after: AfterPosition = 0,
        limit: LimitChanges = PAGE,
        *,
        caller: Asking,
    ) -> Reply[DeliveryList]:
        """Deliveries that were set aside."""
        _reached(caller, webhook)
        return reply(caller.at.webhooks.deliveries(webhook, state=state_of, after=after, limit=limit), NO_STORE)

    @command("/webhooks/{webhook}/deliveries/{delivery}/retry", "conflict", status=200)
    def retry_webhook_delivery(
        self, webhook: WebhookId, delivery: DeliveryPosition, data: JSONBody[Nothing], *, acting: Writing
    ) -> Reply[Delivery]:
        """Try a delivery again."""
        _reached(acting.asked, webhook)
        return reply(acting.at.webhooks.retry(webhook, delivery), NO_STORE)


def _is_within_reach(asked: HandledRequest, webhook: Webhook) -> bool:
    """Whether an endpoint is told of nothing beyond the place of whoever asks."""
    return is_within_reach(asked, EVERYWHERE if webhook.region is None else webhook.region)


def _reached(asked: HandledRequest, id: str) -> Webhook:
    """One endpoint. Raises ``NotFound``, also for one that is told of other places."""
    found = asked.at.webhooks.get(id)
    if not _is_within_reach(asked, found):
        raise NotFound("webhook", id)
    return found
