"""What the people who look after webhooks are told, and the queue's task."""

from lattis_app.identity.permissions import Permission
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.kinds import Kind, declare
from lattis_app.webhooks.services.deliveries import SWITCHED_OFF

declare(
    Kind(
        SWITCHED_OFF,
        "A webhook was switched off",
        (Permission.PLATFORM_WEBHOOKS_MANAGE,),
        (Channel.IN_APP, Channel.EMAIL),
    )
)
