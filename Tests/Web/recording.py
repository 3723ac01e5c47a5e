"""Records the page in motion for the README: recording.py PATH-OF-MSNP-GATEWAY FILE.webp [DIRECTORY-FOR-ITS-FRAMES]

Alice sits at a desk, and Bob holds a phone with dark colours; the sandbox is between them. It is an animation in WebP of pictures
that are taken one by one, each shown for a time that is written down here, so that a slow machine records the same.
"""

import io
import pathlib
import sys

from PIL import Image, ImageDraw
from site_under_test import Browser, expect, re

# Pixels: of the desk's window, of the phone, and around both.
DESK, PHONE, MARGIN = (760, 540), (300, 540), 14
BEHIND = (58, 72, 98)
# Whoever looks at a page waits for it.
MOST_BYTES = 1_000_000
QUALITY = 72
# Milliseconds: of a piece of a movement, of a key, and of what is to be read.
STEP, KEY, LOOK, READ = 45, 70, 700, 1500
STEPS_OF_MOVE, KEYS_AT_ONCE = 6, 2
# An arrow, in pixels from its tip.
ARROW = [(0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)]


class Film:
    """Two pages side by side, and the frames of them so far, each with its time."""

    def __init__(self, desk, phone):
        self.seats = {desk: (MARGIN, MARGIN), phone: (2 * MARGIN + DESK[0], MARGIN)}
        self.phone = phone
        self.pointer = (DESK[0] // 2, DESK[1] - 60)
        self.frames, self.times = [], []
        self.scene = None

    def look(self, milliseconds, touch=None):
        """Takes a picture of both."""
        scene = Image.new("RGB", (3 * MARGIN + DESK[0] + PHONE[0], 2 * MARGIN + DESK[1]), BEHIND)
        for person, place in self.seats.items():
            scene.paste(Image.open(io.BytesIO(person.page.screenshot())).convert("RGB"), place)
        self.scene = scene
        self._add(milliseconds, touch)

    def _add(self, milliseconds, touch=None):
        frame = self.scene.copy()
        draw = ImageDraw.Draw(frame, "RGBA")
        draw.polygon([(self.pointer[0] + x, self.pointer[1] + y) for x, y in ARROW], fill="black", outline="white")
        if touch:
            draw.ellipse([touch[0] - 16, touch[1] - 16, touch[0] + 16, touch[1] + 16], fill=(255, 255, 255, 110), outline="white")
        if self.frames and frame.tobytes() == self.frames[-1].tobytes():
            self.times[-1] += milliseconds
        else:
            self.frames.append(frame)
            self.times.append(milliseconds)

    def _middle(self, person, target):
        target.scroll_into_view_if_needed()
        box, place = target.bounding_box(), self.seats[person]
        return (round(place[0] + box["x"] + box["width"] / 2), round(place[1] + box["y"] + box["height"] / 2))

    def click(self, person, target):
        """Goes there and presses: with the pointer at the desk, with a finger on the phone."""
        expect(target).to_be_visible()
        self.look(STEP)
        end = self._middle(person, target)
        if person is self.phone:
            self._add(250, touch=end)
        else:
            start = self.pointer
            for step in range(1, STEPS_OF_MOVE + 1):
                # Slower at both ends.
                way = step / STEPS_OF_MOVE
                way = way * way * (3 - 2 * way)
                self.pointer = tuple(round(a + (b - a) * way) for a, b in zip(start, end))
                self._add(STEP)
            self._add(150)
        target.click()

    def type(self, target, text):
        for index in range(0, len(text), KEYS_AT_ONCE):
            target.press_sequentially(text[index:index + KEYS_AT_ONCE])
            self.look(KEY)

    def save(self, path):
        first, *others = self.frames
        first.save(
            path, save_all=True, append_images=others, duration=self.times, loop=0, quality=QUALITY, method=6, minimize_size=True,
            allow_mixed=True)


def record(browser):
    gateway = browser.gateway()
    alice = browser.person(gateway, viewport={"width": DESK[0], "height": DESK[1]})
    bob = browser.person(
        gateway, viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme="dark", has_touch=True)
    film = Film(alice, bob)

    film.look(READ)
    film.click(alice, alice.button(re.compile("^Use alice")))
    film.click(alice, alice.button("Sign in"))
    film.look(READ)
    film.click(alice, alice.button("Accept Dave"))
    # With room for all of them.
    expect(alice.contact("Dave")).to_be_visible()
    expect(alice.contact("Bob")).to_be_visible()
    film.look(READ)

    # A contact comes online.
    film.click(bob, bob.button(re.compile("^Use bob")))
    film.click(bob, bob.button("Sign in"))
    expect(bob.contact("Alice")).to_have_accessible_name(re.compile("Online"))
    expect(alice.contact("Bob")).to_have_accessible_name(re.compile("Online"))
    film.look(READ)

    # A message is typed and answered.
    film.click(alice, alice.contact("Bob"))
    expect(alice.composer("Bob")).to_be_focused()
    film.type(alice.composer("Bob"), "Hi Bob! Coffee at four? :-)")
    film.look(LOOK)
    alice.composer("Bob").press("Enter")
    alice.all_delivered("Bob", "Coffee at four?")
    expect(bob.contact("Alice")).to_have_accessible_name(re.compile("1 unread message"))
    film.look(READ)
    film.click(bob, bob.contact("Alice"))
    expect(bob.log("Alice")).to_contain_text("Coffee at four?")
    film.look(LOOK)
    bob.composer("Alice").press_sequentially("S")
    expect(alice.page.get_by_text("is typing a message.")).to_be_visible()
    film.look(LOOK)
    film.type(bob.composer("Alice"), "ure (C) same place as ever")
    bob.composer("Alice").press("Enter")
    expect(alice.log("Bob")).to_contain_text("same place as ever")
    bob.all_delivered("Alice", "same place as ever")
    film.look(READ)

    # With an emoticon from the picker.
    film.type(alice.composer("Bob"), "See you there ")
    film.click(alice, alice.button("Emoticons and emoji"))
    picker = alice.page.get_by_role("dialog", name="Emoticons and emoji")
    expect(picker).to_be_visible()
    film.look(LOOK)
    film.click(alice, picker.get_by_role("button", name="👍 (Y)"))
    expect(alice.composer("Bob")).to_have_value("See you there (Y)")
    film.look(LOOK)
    alice.composer("Bob").press("Enter")
    alice.all_delivered("Bob", "See you there")
    expect(bob.log("Alice")).to_contain_text("See you there")
    film.look(READ)

    # The same page in the dark.
    alice.wear("dark")
    film.look(READ)
    bob.wear("light")
    film.look(2 * READ)
    return film


def main():
    binary, path, *frames = sys.argv[1:]
    with Browser(binary) as browser, browser.fresh():
        film = record(browser)
    film.save(path)
    if frames:
        folder = pathlib.Path(frames[0])
        folder.mkdir(parents=True, exist_ok=True)
        for number, frame in enumerate(film.frames):
            frame.save(folder / f"{number:03}.png")
    size = pathlib.Path(path).stat().st_size
    print(f"{path}: {len(film.frames)} frames, {sum(film.times) / 1000:.0f} s, {size // 1000} kB")
    assert size < MOST_BYTES, f"at most {MOST_BYTES} bytes"


main()
