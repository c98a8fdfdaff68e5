"""What the pages fetch when it is needed: it is there without a line, and says so where it is not."""

from playwright.sync_api import expect

from tests.chat_pages import ChatPageTest

ARRIVES_ONCE_IT_IS_WAITED_FOR = """async () => {
    const folder = new URL('.', document.querySelector('script[type=module]').src);
    const { later, Later } = await import(new URL('views/later.js', folder));
    const { html, render } = await import(new URL('../vendor/htm-preact.js', folder));
    let arrive;
    const part = later(() => new Promise((resolve) => (arrive = resolve)));
    part.fetch();
    const place = document.body.appendChild(document.createElement('p'));
    place.id = 'place';
    render(html`<${Later} part=${part} plain=${true} />`, place);
    arrive({ View: () => 'arrived' });  // before what follows the drawing
}"""


class WhatIsFetchedLater(ChatPageTest):
    def test_is_there_without_a_line_once_the_page_has_rested(self) -> None:
        self.world.accounts("ann", "bob")
        page = self.talk(self.enter("ann"), "bob")
        for name in ("settings.js", "emoji.js"):
            page.wait_for_function(
                "(name) => performance.getEntries().some((one) => one.name.endsWith(name))", arg=name
            )
        self.cut(page)
        page.get_by_role("button", name="表情").click()
        page.get_by_role("button", name="😀").click()
        expect(page.get_by_role("textbox", name="发消息给 bob")).to_have_value("😀")
        page.get_by_role("button", name="设置").click()
        expect(page.get_by_role("dialog", name="设置")).to_be_visible()

    def test_says_that_it_cannot_be_had_and_comes_when_it_can(self) -> None:
        self.world.account("ann")
        context = self.browser()
        context.route("**/settings.js*", lambda route: route.abort())
        page = self.enter("ann", context)
        page.get_by_role("button", name="设置").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("alert")).to_contain_text("连接不上服务器")
        context.unroute("**/settings.js*")
        dialog.get_by_role("button", name="重试").click()
        expect(page.get_by_role("dialog", name="设置")).to_be_visible()

    def test_is_shown_though_it_arrives_at_the_moment_in_which_word_of_it_is_drawn(self) -> None:
        self.world.account("ann")
        page = self.enter("ann")
        page.evaluate(ARRIVES_ONCE_IT_IS_WAITED_FOR)
        expect(page.locator("#place")).to_have_text("arrived")
