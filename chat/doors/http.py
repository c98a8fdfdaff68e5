"""How long an answer over HTTP waits for its client."""

from django.conf import settings


def patience() -> float:
    """Seconds for which nothing of an answer may be taken; 0 for ever.

    Longer than on a socket: what was said there can be asked for again, and a film begins anew.
    """
    return 4.0 * settings.CHAT_CUT_OFF_SECONDS
