"""Files on the chat page in a real browser: recorded, picked, pasted, uploaded, and shown to the other side."""

import re

from playwright.sync_api import Page, Route, expect

from tests.chat_pages import ChatPageTest
from tests.upload_case import jpeg

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF"


class FilesTest(ChatPageTest):
    def setUp(self) -> None:
        super().setUp()
        self.world.accounts("ann", "bob", "carl")
        self.ann, self.bob = self.talk(self.enter("ann"), "bob"), self.enter("bob", path="/chat/#ann")

    def pick(self, page: Page, name: str, kind: str, content: bytes) -> None:
        page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})


class AVoice(FilesTest):
    def test_is_recorded_sent_and_played(self) -> None:
        self.ann.get_by_role("button", name="按下录音").click()
        expect(self.ann.get_by_text("0:01")).to_be_visible()
        self.ann.get_by_role("button", name="发送语音").click()
        expect(self.ann.locator(".ticks.read")).to_be_visible()
        self.bob.get_by_role("button", name="播放: ").click()
        self.bob.wait_for_function("() => document.querySelector('.voice audio').currentTime > 0")

    def test_says_why_nothing_is_recorded_and_listens_to_nobody_who_has_gone_elsewhere(self) -> None:
        self.ann.evaluate(
            """() => {
                const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
                window.microphone = null;
                navigator.mediaDevices.getUserMedia = async (wanted) => {
                    if (microphone) throw new DOMException('', microphone);
                    window.track = null;
                    await new Promise((allow) => (window.allow = allow));
                    const stream = await real(wanted);
                    window.track = stream.getTracks()[0];
                    return stream;
                };
            }"""
        )
        start = self.ann.get_by_role("button", name="按下录音")
        for name, words in (("NotAllowedError", "请在浏览器里允许"), ("NotReadableError", "其他程序占用")):
            self.ann.evaluate("(name) => { microphone = name; }", name)
            start.click()
            expect(self.ann.get_by_role("alert")).to_contain_text(words)
        self.ann.evaluate("microphone = null")
        start.click()
        expect(self.ann.get_by_text("正在打开麦克风")).to_be_visible()
        self.ann.wait_for_function("() => !!window.allow")
        self.talk(self.ann, "carl")
        self.ann.evaluate("allow()")
        self.ann.wait_for_function("() => window.track?.readyState === 'ended'")
        self.ann.evaluate("delete window.allow")
        start.click()
        self.ann.wait_for_function("() => !!window.allow")
        self.ann.evaluate("allow()")
        send = self.ann.get_by_role("button", name="发送语音")
        expect(send).to_be_focused()
        send.dblclick()
        expect(self.ann.locator(".ticks.sent")).to_be_visible()
        expect(self.ann.locator(".voice")).to_have_count(1)


class APicture(FilesTest):
    def test_is_uploaded_shown_and_enlarged(self) -> None:
        self.pick(self.ann, "a.jpg", "image/jpeg", jpeg((600, 400)))
        picture = self.bob.get_by_role("button", name="ann 发的图片")
        expect(picture).to_be_visible()
        self.bob.wait_for_function("() => document.querySelector('.picture img')?.naturalWidth > 0")
        picture.click()
        expect(self.bob.get_by_role("dialog").get_by_role("img")).to_be_visible()
        self.bob.keyboard.press("Escape")
        expect(self.bob.get_by_role("dialog")).to_be_hidden()

    def test_that_is_none_is_refused_in_words_and_may_be_discarded(self) -> None:
        self.pick(self.ann, "a.jpg", "image/jpeg", b"no picture at all")
        expect(self.ann.locator(".ticks.failed")).to_contain_text("不支持这种格式的文件")
        self.ann.get_by_role("button", name="删除这条").click()
        expect(self.ann.locator(".bubble")).to_have_count(0)

    def test_comes_with_words_where_a_table_is_pasted_and_is_sent_where_it_comes_alone(self) -> None:
        paste = """(box, types) => {
            const data = new DataTransfer();
            data.items.add(new File(['x'], 'a.png', { type: 'image/png' }));
            for (const type of types) data.setData(type, 'x');
            const about = { clipboardData: data, cancelable: true, bubbles: true };
            return box.dispatchEvent(new ClipboardEvent('paste', about));
        }"""
        box = self.ann.get_by_role("textbox", name="发消息给 bob")
        self.assertTrue(box.evaluate(paste, ["text/html", "text/plain"]))
        self.assertFalse(box.evaluate(paste, ["text/html"]))
        expect(self.ann.locator(".bubble.is-img")).to_have_count(1)


class SeveralFiles(FilesTest):
    def test_arrive_in_their_order_and_are_not_lost_by_leaving_unwarned(self) -> None:
        held: list[Route] = []

        def hold_the_first(route: Route) -> None:
            if held:
                route.continue_()
            else:
                held.append(route)

        self.ann.route("**/api/uploads/", hold_the_first)
        self.pick(self.ann, "a.jpg", "image/jpeg", jpeg((600, 400)))
        self.pick(self.ann, "b.pdf", "application/pdf", PDF)
        expect(self.ann.get_by_role("button", name="取消")).to_have_count(2)
        leaving = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
        self.assertTrue(self.ann.evaluate(leaving))
        self.ann.wait_for_function("() => performance.getEntries().some((one) => one.name.endsWith('uploads.js'))")
        held[0].continue_()
        expect(self.ann.locator(".ticks.read")).to_have_count(2)
        self.assertFalse(self.ann.evaluate(leaving))
        for page in (self.ann, self.bob):
            expect(page.locator(".bubble").first).to_have_class(re.compile("is-img"))
            expect(page.locator(".bubble").last).to_have_class(re.compile("is-file"))

    def test_wait_for_the_network_may_be_given_up_and_are_not_begun_if_they_are_too_large(self) -> None:
        self.ann.wait_for_function("() => performance.getEntries().some((one) => one.name.endsWith('uploads.js'))")
        self.cut(self.ann)
        for name in ("a", "b"):
            self.pick(self.ann, f"{name}.pdf", "application/pdf", PDF)
        expect(self.ann.locator(".bubble")).to_have_count(2)
        self.ann.get_by_role("button", name="取消").first.click()
        self.mend(self.ann)
        expect(self.ann.locator(".ticks.read")).to_be_visible()
        expect(self.bob.locator(".file-name")).to_have_text(["b.pdf"])
        drop = """([place, size]) => {
            const data = new DataTransfer();
            if (size) data.items.add(new File([new Uint8Array(size)], 'a.jpg', { type: 'image/jpeg' }));
            else data.setData('text/plain', 'x');
            const about = { dataTransfer: data, bubbles: true, cancelable: true };
            return document.querySelector(place).dispatchEvent(new DragEvent('drop', about));
        }"""
        self.assertEqual([self.ann.evaluate(drop, asked) for asked in ([".room", 0], [".list", 9])], [True, False])
        self.assertFalse(self.ann.evaluate(drop, [".room", 10 * 2**20 + 1]))
        expect(self.ann.locator(".ticks.failed")).to_contain_text("文件太大，最大 10 MB")
        expect(self.ann.locator(".bubble")).to_have_count(2)


class AFile(FilesTest):
    def test_stands_under_its_name_and_can_be_had(self) -> None:
        self.pick(self.ann, "合同.pdf", "application/pdf", PDF)
        link = self.bob.get_by_role("link", name="合同.pdf")
        expect(link).to_be_visible()
        with self.bob.expect_download() as download:
            link.click()
        self.assertEqual(download.value.path().read_bytes(), PDF)
