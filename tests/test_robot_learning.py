"""A robot that learns many questions lets others ask meanwhile."""

import threading

import numpy as np
from django.test import SimpleTestCase

from robots.finding.encoder import encode


class ManyTexts(SimpleTestCase):
    def test_let_others_ask_before_they_are_all_done(self) -> None:
        begun, done = threading.Event(), threading.Event()
        heard: list[tuple[int, int]] = []

        def tell(numbers: int, every: int) -> None:
            heard.append((numbers, every))
            begun.set()

        def learn() -> None:
            encode([f"第{n}个问题怎么办呢" * 4 for n in range(600)], tell)
            done.set()

        thread = threading.Thread(target=learn)
        thread.start()
        self.addCleanup(thread.join)
        self.assertTrue(begun.wait(60))
        encode(["发什么快递"])
        self.assertFalse(done.is_set())
        thread.join()
        self.assertEqual(heard[-1], (600, 600))
        self.assertEqual([numbers for numbers, _every in heard], sorted({numbers for numbers, _every in heard}))

    def test_mean_what_each_means_by_itself(self) -> None:
        texts = ["发什么快递", "包邮吗", "这件衣服有没有大码" * 30, "有发票吗", "发什么快递"]
        alone = np.concatenate([encode([text]) for text in texts])
        self.assertTrue(np.allclose(encode(texts), alone, atol=1e-3))
