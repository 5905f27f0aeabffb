"""An invented province and its people, each at a keyboard of their own: a browser that knows no mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from haidang.accounts.actors import SYSTEM, Role
from haidang.accounts.models import User
from haidang.agencies.actions import appoint
from haidang.agencies.models import Agency, Area
from haidang.kernel import clock
from haidang.plans.models import Duty, Plan, PlanState

PASSWORD = "mật khẩu đủ dài để thử"
PLACE = "Vàm Sậy (giả định)"

# What would let a test act past the keyboard.
BY_HAND = {
    "Page": ("click", "dblclick", "tap", "hover", "fill", "check", "uncheck", "press", "type", "focus", "goto",
             "select_option", "set_input_files", "set_checked", "drag_and_drop"),
    "Locator": ("click", "dblclick", "tap", "hover", "fill", "clear", "check", "uncheck", "press", "type", "focus",
                "press_sequentially", "select_option", "set_input_files", "set_checked", "drag_to", "dispatch_event"),
    "Mouse": ("click", "dblclick", "move", "down", "up", "wheel"),
    "Touchscreen": ("tap",),
}  # fmt: skip

# A pointer of any kind is reported; a click that a key made has no detail. And what the focus must show at each stop.
WATCH = """
for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"])
  addEventListener(kind, (event) => event.isTrusted && window.usedByHand(kind), true);
addEventListener("click", (event) => event.isTrusted && event.detail && window.usedByHand("click"), true);
window.focusNow = () => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const words = (node) => (node ? node.innerText || node.textContent : "").replace(/\\s+/g, " ").trim();
  const named = (here.getAttribute("aria-labelledby") || "").split(" ").map((id) => words(document.getElementById(id)));
  const name = here.getAttribute("aria-label") || named.join(" ").trim() || words(here.labels?.[0]) || words(here)
    || here.title || here.placeholder || "";
  const shown = (here.matches("input[type=radio], input[type=checkbox]") && here.closest("label")) || here;
  const looks = [shown, here].map((node) => getComputedStyle(node));
  const ringed = looks.some((look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1);
  const box = shown.getBoundingClientRect();
  const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  const [x, y] = [Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height / 2, 40), 1), innerHeight - 1)];
  const top = document.elementFromPoint(x, y);
  const seen = inView && Boolean(top && (shown.contains(top) || top.contains(shown)));
  return {name, tag: here.tagName.toLowerCase(), type: here.type || "", code: here.name || "", ringed, seen,
    editable: here.matches("input, textarea, select")};
};
"""


class UsedByHand(AssertionError):
    """Something was done that no keyboard does."""


@dataclass
class Calendar:
    """The day it is for the server; hours and minutes run on."""

    day: date
    began: datetime = field(default_factory=clock.now)
    real_now: Callable[[], datetime] = field(default=clock.now)

    def now(self) -> datetime:
        start = datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=clock.VIET_NAM)
        return (start + (self.real_now() - self.began)).astimezone(self.began.tzinfo)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    made = Calendar(date(2026, 3, 2))
    monkeypatch.setattr(clock, "now", made.now)
    return made


@dataclass(frozen=True)
class Focus:
    """Where the keyboard is."""

    name: str
    tag: str
    type: str
    code: str
    ringed: bool
    seen: bool
    editable: bool


class Person:
    """Somebody with a browser and a keyboard, who counts the keys and notes where the focus could not be seen."""

    def __init__(self, chromium: Any, address: str, username: str) -> None:
        self.username, self.address, self.keys = username, address, 0
        self.trouble: list[str] = []
        self.context = chromium.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
        self.context.expose_function("usedByHand", self._caught)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.trouble.append(f"script: {error}"))
        self.page.on("console", self._console)
        self.page.on("filechooser", lambda chooser: None)  # listened for from the start, not when it opens

    def _console(self, line: Any) -> None:
        if "Content Security" in line.text:
            self.trouble.append(line.text)

    def _caught(self, kind: str) -> None:
        self.trouble.append(f"used by hand: {kind}")

    def sign_in(self) -> None:
        """The address is typed into the browser's own bar; everything after that happens on the page."""
        self.page.evaluate("address => location.assign(address)", self.address + "/")
        self.page.wait_for_url("**/accounts/login/**")
        self.to("Tài khoản", tag="input")
        self.type(self.username)
        self.press("Tab")
        self.type(PASSWORD)
        self.leave("Enter")

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def leave(self, key: str) -> None:
        """Press a key that leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.press(key)
        self.page.wait_for_load_state()

    def focus(self) -> Focus | None:
        found = self.page.evaluate("window.focusNow()")
        return Focus(**found) if found else None

    def here(self) -> Focus:
        """Where the keyboard is; it must be somewhere."""
        found = self.focus()
        assert found is not None, f"{self.username} lost the focus on {self.page.url}"
        return found

    def inside(self, selector: str) -> bool:
        return bool(self.page.evaluate("within => !!document.activeElement.closest(within)", selector))

    def copied(self, text: str) -> None:
        """What was copied in another program, before it is pasted here."""
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)

    def cell(self, code: str) -> str:
        """What stands in a cell of the grid, entered or worked out."""
        return str(self.page.evaluate(
            "code => { const cell = document.querySelector(`td[data-cell='${code}']`);"
            " return (cell.querySelector('input')?.value ?? cell.innerText).trim(); }", code
        ))  # fmt: skip

    def to(self, words: str, tag: str = "", key: str = "Tab", most: int = 150, code: str = "") -> Focus:
        """Press Tab until the focus is on what is called so; every stop on the way must be seen.

        From the top of a page, what is not in its bar is gone to by the skip link.
        """
        if most == 150 and self.focus() is None:
            self.past_the_bar()
        passed = []
        for _ in range(most):
            self.press(key)
            here = self.focus()
            if here is None:
                continue
            passed.append(f"{here.tag}:{here.name[:30]}")
            self._look(here)
            if words in here.name and tag in ("", here.tag) and here.code.startswith(code):
                return here
        raise AssertionError(f"{self.username}: {key} never reaches “{words}” on {self.page.url}; passed {passed[:40]}")

    def _look(self, here: Focus) -> None:
        if not (here.ringed and here.seen):
            how = "has no mark of focus" if not here.ringed else "is covered or out of view"
            self.trouble.append(f"{self.page.url}: {here.tag} “{here.name[:60]}” {how}")

    def past_the_bar(self) -> None:
        """The skip link leads from the top of the page to its content; an address with a place in it is there."""
        if "#" not in self.page.url:
            self.to("Tới nội dung chính", most=1)
            self.press("Enter")

    def follow(self, words: str, tag: str = "", most: int = 150) -> None:
        """Go to a link or button and press Enter; another page comes."""
        self.to(words, tag, most=most)
        self.leave("Enter")

    def menu(self, words: str) -> None:
        """A chapter of the navigation bar, from the top of the page or back from its content."""
        self.to(words, "a", key="Shift+Tab" if "#" in self.page.url else "Tab", most=40)
        self.leave("Enter")

    def text(self, selector: str = "main") -> str:
        return " ".join(self.page.inner_text(selector).split())

    def wait(self, selector: str, **more: Any) -> None:
        self.page.wait_for_selector(selector, timeout=10000, **more)

    def saved(self) -> None:
        """Nothing is on its way to the server any more."""
        self.page.wait_for_timeout(200)
        self.wait("#save-wait", state="hidden")


@pytest.fixture
def no_mouse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever acts past the keyboard is refused here; what reaches a page all the same is reported by the page."""
    from playwright import sync_api

    def refuse(name: str) -> Callable[..., None]:
        def refused(*_args: Any, **_more: Any) -> None:
            raise UsedByHand(name)

        return refused

    for kind, names in BY_HAND.items():
        for name in names:
            monkeypatch.setattr(getattr(sync_api, kind), name, refuse(f"{kind}.{name}"))


@pytest.fixture
def sits_down(chromium: Any, live_server: Any, no_mouse: None) -> Iterator[Callable[[str], Person]]:
    """Gives a person of the province a browser and signs them in."""
    people: list[Person] = []

    def sit_down(username: str) -> Person:
        people.append(Person(chromium, live_server.url, username))
        people[-1].sign_in()
        return people[-1]

    yield sit_down
    for person in people:
        person.context.close()


@dataclass(frozen=True)
class Province:
    """An invented province: its area, agencies and people by short name, and one plan that is followed."""

    area: Area
    agencies: dict[str, Agency]
    users: dict[str, User]
    plan: Plan


# short name: full name, function, level, standing, people (user name, role, mail)
AGENCIES: dict[str, tuple[str, str, str, tuple[tuple[str, Role, str], ...]]] = {
    "cong-an": (f"Công an tỉnh {PLACE}", "police", "province",
                (("tonghop", Role.CONSOLIDATOR, ""), ("congan", Role.CLERK, ""))),
    "so-tu-phap": (f"Sở Tư pháp tỉnh {PLACE}", "justice", "province", (("tuphap", Role.APPROVER, ""),)),
    "so-gddt": (f"Sở Giáo dục và Đào tạo tỉnh {PLACE}", "education", "province", (("giaoduc", Role.CLERK, ""),)),
    "so-du-lich": (f"Sở Du lịch tỉnh {PLACE}", "tourism", "province",
                   (("dulich", Role.CLERK, "dulich@vamsay.example"),)),
    "xa-bung-lac": ("Công an xã Bưng Lác", "police", "commune", (("bunglac", Role.CLERK, ""),)),
    "xa-rach-go": ("Công an xã Rạch Gỗ", "police", "commune", (("rachgo", Role.CLERK, ""),)),
}  # fmt: skip


@pytest.fixture
def province(transactional_db: None, calendar: Calendar) -> Province:
    area = _area("K1", f"Tỉnh {PLACE}", "Tỉnh", None)
    areas = {
        "xa-bung-lac": _area("K1.1", "Xã Bưng Lác", "Xã", area),
        "xa-rach-go": _area("K1.2", "Xã Rạch Gỗ", "Xã", area),
    }
    agencies, users = {}, {}
    for short, (name, function, level, people) in AGENCIES.items():
        agencies[short] = Agency.objects.create(
            code=f"K1.{short}", name=name, function=function, level=level, area=areas.get(short, area),
            standing=short == "cong-an",
        )  # fmt: skip
        for username, role, mail in people:
            users[username] = User.objects.create_user(
                username, email=mail, password=PASSWORD, display_name=f"{username.capitalize()} (mẫu)"
            )
            appoint(SYSTEM, users[username], agencies[short], role)
    return Province(area, agencies, users, _plan(area))


def _area(code: str, name: str, kind: str, parent: Area | None) -> Area:
    path = f"{parent.path}/{code}" if parent else code
    level = "commune" if parent else "province"
    return Area.objects.create(code=code, name=name, kind=kind, level=level, parent=parent, path=path)


def _plan(area: Area) -> Plan:
    """A closing review of one year, which asks for reports before 20/3/2026."""
    plan = Plan.objects.create(
        area=area, state=PlanState.ACCEPTED, number="08/KH-UBND", issued_on=date(2026, 2, 10), is_review=True,
        title="Tổng kết phòng, chống mua bán người năm 2025", issuer=f"Ủy ban nhân dân tỉnh {PLACE}", fictional=True,
        data_from=date(2025, 1, 1), data_to=date(2025, 12, 31), year_from=2025, year_to=2025, file_name="kh.txt",
        file_sha256="0" * 64, text="", reading={}, imported_at=clock.now() - timedelta(days=1),
    )  # fmt: skip
    Duty.objects.create(
        plan=plan, position=0, period="once", due="2026-03-20", strict=True, addressee="Công an tỉnh",
        rule="duty.period.date", confidence=0.95,
    )  # fmt: skip
    return plan
