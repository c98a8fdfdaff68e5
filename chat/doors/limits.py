"""The limits of this server: how often an account may send, hint and upload, and an address sign in."""

from django.conf import settings

from accounts.guesses import STRETCH, Guesses
from accounts.throttle import Throttle

_sends = Throttle("sends", settings.CHAT_SENDS_PER_MINUTE)
_sends_to_one = Throttle("sends-to-one", settings.CHAT_SENDS_TO_ONE_PER_MINUTE)
_wrong_passwords = Throttle("wrong-passwords", settings.CHAT_WRONG_PASSWORDS, STRETCH)
sign_ins = Throttle("sign-ins", settings.CHAT_SIGN_INS_PER_MINUTE)
"""Attempts from one address, by whatever they are made."""
hints = Throttle("hints", settings.CHAT_HINTS_PER_MINUTE)
"""What an account says of its typing, and its questions who is online."""
uploads = Throttle("uploads", settings.UPLOADS_PER_MINUTE)
"""Uploads of a person."""
guests = Throttle("guests", settings.CHAT_GUESTS_PER_HOUR, 3600)
"""Guests that are made for one network."""
guesses = Guesses(_wrong_passwords)

ALL = (_sends, _sends_to_one, sign_ins, hints, uploads, guests, _wrong_passwords)


def take_send(sender_id: int, recipient_id: int) -> None:
    """Count a message, or a question to a robot. Raises `Refusal` with `too_many_requests`, and counts nothing then."""
    talk = (sender_id, recipient_id)
    _sends.check(sender_id)
    _sends_to_one.check(talk)
    _sends.count(sender_id)
    _sends_to_one.count(talk)
