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


class Learning(models.Model):
    """How far some process has come with working them out, while it does (`robots.learning`)."""

    APP = "shop__app"
    shop = models.OneToOneField(Shop, models.CASCADE, primary_key=True, related_name="learning")
    done = models.PositiveIntegerField(help_text="Texts.")
    every = models.PositiveIntegerField(help_text="How many there are.")
    at = models.DateTimeField(db_index=True, help_text="When it was so.")

    def __str__(self) -> str:
        return str(self.shop_id)
