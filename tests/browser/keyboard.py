"""A person without a mouse: goes from one thing to the next by Tab, and does everything with keys."""

from playwright.sync_api import Locator, Page, expect

_MOST_TABS = 250
_IS_FOCUSED = "element => element === document.activeElement"


class Keyboard:
    """Keys, pressed in a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.on("filechooser", lambda _: None)  # from the start: it takes a moment until dialogs are caught

    def reach(self, target: Locator) -> None:
        """Tab until something is focused; fails if Tab never comes there, or if it does not show where it is."""
        expect(target).to_be_visible()
        for _ in range(_MOST_TABS):
            if target.evaluate(_IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Go to something and press a key there."""
        self.reach(target)
        self.page.keyboard.press(key)

    def type(self, target: Locator, text: str) -> None:
        """Go to a field and write into it, in place of what stood there."""
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, beginning: str) -> None:
        """Go to a menu and type the beginning of what is wanted."""
        self.reach(target)
        self.page.keyboard.type(beginning)
        self.page.keyboard.press("Tab")

    def attach(self, target: Locator, name: str, content: bytes) -> None:
        """Go to a file input and open its dialog."""
        self.reach(target)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})

    def stays_within(self, dialog: Locator, presses: int = 12) -> None:
        """Tab on: the focus never reaches what lies behind a dialog. (It may leave the document for the browser.)"""
        for key in ("Tab", "Shift+Tab"):
            for _ in range(presses):
                self.page.keyboard.press(key)
                assert dialog.evaluate(
                    "element => document.activeElement === document.body || element.contains(document.activeElement)"
                )
