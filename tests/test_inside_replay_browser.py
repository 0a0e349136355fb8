"""The player of a drawing, and the squeezed canvas, on the real page in a real Chromium."""

import re

import pytest
from browser import draw, show_example
from playwright.sync_api import expect
from sketching import clear, open_page, reads, say
from visiting import places, visitor

from digitrec.shapes import digit_strokes


def open_panel(page, name):
    page.locator(".st-key-inside").get_by_text(name, exact=True).click()


def last_step(page):
    """Of the drawing in the player, once it is there."""
    slider = page.locator(".replay input")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^step "))
    return int(slider.get_attribute("max"))


def step(page):
    return int(page.locator(".replay input").input_value())


def bars(page):
    return page.locator(".replay .bar").evaluate_all("all => all.map(bar => bar.style.width)")


def place(page):
    """Of all parts of the player, within it."""
    return page.locator(".replay").evaluate(
        """root => {
          const zero = root.getBoundingClientRect();
          const parts = ".paper, .label, .words, .seen, table, button, .count, input, .band";
          return [...root.querySelectorAll(parts)].map((part) => {
            const { x, y, width, height } = part.getBoundingClientRect();
            return [x - zero.x, y - zero.y, width, height].map(Math.round);
          });
        }"""
    )


PLAY_SOME_STEPS = """async (root) => {
  const [button, slider] = ["button", "input"].map((name) => root.querySelector(name));
  button.click();
  const words = button.textContent.trim();
  while (slider.valueAsNumber < 3) await new Promise(requestAnimationFrame);
  button.click();
  return {
    words,
    label: root.querySelector(".label").textContent,
    bars: [...root.querySelectorAll(".bar")].map((bar) => bar.style.width),
    ahead: root.querySelectorAll("path.ahead").length,
  };
}"""


def test_play_moves_the_bars_and_stops_at_the_end(page):
    draw(page, digit_strokes(2, height=220, left=200, top=50))
    reads(page, 2)
    open_panel(page, "Replay")
    slider, button = page.locator(".replay input"), page.locator(".replay button")
    expect(button).to_have_text("Play")
    last = last_step(page)
    assert step(page) == last
    expect(page.get_by_test_id("replay-label")).to_have_text("2")
    expect(page.locator(".replay .coming path")).to_have_count(1)
    whole = bars(page)
    before = place(page)
    # Watched from within the page: it plays on while a test asks from outside.
    seen = page.locator(".replay").evaluate(PLAY_SOME_STEPS)
    assert seen["words"] == "Pause"
    assert seen["label"] != "2"
    assert seen["ahead"] > 0
    assert seen["bars"] != whole
    expect(button).to_have_text("Play")
    halted = step(page)
    assert 1 < halted < last
    assert place(page) == before
    button.click()  # goes on from there
    expect(slider).to_have_value(str(last), timeout=15_000)
    expect(button).to_have_text("Play")
    assert bars(page) == whole
    expect(page.locator(".replay path.ahead")).to_have_count(0)
    assert place(page) == before


def test_slider_goes_by_keyboard_and_says_each_step(page):
    draw(page, digit_strokes(4, height=220, left=200, top=50))
    reads(page, 4)
    open_panel(page, "Replay")
    slider = page.get_by_role("slider", name="Step of the drawing")
    last = last_step(page)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^step {last} of {last}: 4, "))
    slider.focus()
    slider.press("ArrowLeft")
    assert step(page) == last - 1
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^step 1 of {last}: "))
    expect(page.locator(".replay .count")).to_have_text(f"step 1 of {last}")
    pen = places(page.locator(".replay circle"))
    slider.press("PageUp")
    assert places(page.locator(".replay circle")) != pen
    # The band tells where the answer changes, and leads there.
    band = page.locator(".replay .band")
    expect(band).to_have_attribute("aria-label", re.compile(r"^Answers on the way: .*4, step"))
    changes = band.locator("span")
    assert changes.count() > 1
    changes.last.click()
    expect(page.get_by_test_id("replay-label")).to_have_text("4")
    assert step(page) < last
    expect(changes.last).to_have_class(re.compile("now"))


def test_another_drawing_is_another_replay_and_the_same_one_keeps_its_step(page):
    draw(page, digit_strokes(7, height=220, left=200, top=50))
    reads(page, 7)
    open_panel(page, "Replay")
    slider = page.locator(".replay input")
    at_first = last_step(page)
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
    at = step(page)
    assert at == at_first - 3
    say(page, "right")  # the page runs again
    expect(page.get_by_text("Take it back")).to_be_visible()
    assert step(page) == at
    clear(page)
    expect(page.get_by_text("Draw something first")).to_be_visible()
    page.locator("canvas.upper-canvas").evaluate("c => c.scrollIntoView({ block: 'center' })")
    draw(page, digit_strokes(3, height=220, left=200, top=50))
    reads(page, 3)
    expect(page.get_by_test_id("replay-label")).to_have_text("3")
    assert step(page) == last_step(page)


def test_number_is_replayed_on_a_phone_without_a_jump(browser, address):
    with visitor(browser, (360, 760), reduced_motion="reduce") as page:
        open_page(page, address)
        show_example(page, 2026)
        expect(page.get_by_test_id("label")).to_have_text("2026")
        open_panel(page, "Replay")
        label = page.get_by_test_id("replay-label")
        expect(label).to_have_text("2026")
        expect(label.locator("b")).to_have_text("6")
        places = {str(place(page))}
        slider = page.locator(".replay input")
        last = last_step(page)
        slider.focus()
        for _ in range(last - 1):
            slider.press("ArrowLeft")
            places.add(str(place(page)))
        assert len(places) == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        # With less motion it goes by few, long steps and no bar glides.
        page.locator(".replay button").click()
        expect(slider).not_to_have_value("1")
        assert step(page) >= last // 8
        assert page.locator(".replay .bar").first.evaluate(
            "bar => getComputedStyle(bar).transitionDuration"
        ) in {"0s", ""}
        page.locator(".replay button").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_squeezed_stands_beside_what_the_network_saw(browser, address, width):
    with visitor(browser, (width, 760)) as page:
        open_page(page, address)
        draw(page, digit_strokes(5, height=70, left=300, top=30))
        reads(page, 5)
        open_panel(page, "Squeezed")
        squeezed = page.get_by_test_id("squeezed")
        expect(squeezed.locator("img")).to_have_count(2)
        expect(squeezed.locator(".ours strong")).to_have_text("5")
        expect(squeezed).to_contain_text("off the middle")
        left, right = places(squeezed.locator("img"))
        assert left["width"] == left["height"] == right["width"]
        assert left["y"] == right["y"]
        assert left["x"] + left["width"] <= right["x"]
        assert right["x"] + right["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_equal_digits_of_a_number_are_chosen_each(page):
    show_example(page, 2026)
    expect(page.get_by_test_id("label")).to_have_text("2026")
    open_panel(page, "Squeezed")
    places = page.locator(".st-key-inside_digit button")
    for place, text in enumerate("2026"):
        places.nth(place).click()
        expect(places.nth(place)).to_have_attribute("aria-checked", "true")
        expect(page.get_by_test_id("squeezed")).to_contain_text(f"The {text}, brought into form")
        expect(page.locator(".st-key-inside_digit button[aria-checked=true]")).to_have_count(1)
