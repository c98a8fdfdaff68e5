"""What a robot need not work out again when its process starts."""

from django.db import models

from robots.models.shops import Shop


class Meanings(models.Model):
    """The vectors of a shop's questions, as they were worked out last (`robots.finding.memory`)."""

    APP = "shop__app"
    shop = models.OneToOneField(Shop, models.CASCADE, primary_key=True, related_name="meanings")
    encoder = models.CharField(max_length=100, help_text="What worked them out.")
    digests = models.BinaryField()
    vectors = models.BinaryField()

    def __str__(self) -> str:
        return str(self.shop_id)
