"""Take the pictures of the user guide from a running demonstration: `python tools/screenshots.py [--address URL]`.

Each picture is one page as one demo account sees it; `--all` also takes every page at both widths and in both themes
into a folder, to be looked at. Needs Debian's chromium.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "haidang-demo-2025"  # noqa: S105  the published password of the invented accounts
CHROMIUM = "/usr/bin/chromium"
WIDTHS = {"1366": (1366, 768), "390": (390, 844)}

# Name of the picture, account, then the steps: an address, "> text" to follow the first link whose address matches, or
# "~ text" to follow the first one whose words match.
PAGES: list[tuple[str, str, list[str]]] = [
    ("sign-in", "", ["/accounts/login/"]),
    ("my-work", "nhaplieu", ["/"]),
    ("my-work-standing", "tonghop", ["/"]),
    ("plans", "tonghop", ["/ke-hoach/"]),
    ("plan-import", "tonghop", ["/ke-hoach/nap/"]),
    ("plan-board", "tonghop", ["/ke-hoach/", r"> ^/ke-hoach/\d+/$"]),
    ("task", "tonghop", ["/ke-hoach/", r"> ^/ke-hoach/\d+/$", r"> nhiem-vu/\d+/$"]),
    ("plan-sections", "tonghop", ["/ke-hoach/", r"> ^/ke-hoach/\d+/$", r"> xem=muc"]),
    ("plan-time", "tonghop", ["/ke-hoach/", r"> ^/ke-hoach/\d+/$", r"> xem=thoi-gian"]),
    ("plan-family", "tonghop-tw", ["/ke-hoach/", "~ giai đoạn 2023 - 2025", r"> gia-dinh/$"]),
    ("plan-coverage", "tonghop-tw", ["/ke-hoach/", "~ giai đoạn 2023 - 2025", r"> gia-dinh/$", r"> do-phu/$"]),
    ("plan-owing", "tonghop-tw", ["/ke-hoach/", "~ giai đoạn 2023 - 2025", r"> gia-dinh/$", r"> ke-hoach-rieng/$"]),
    ("feeds", "nhaplieu", ["/lich/"]),
    ("chasing-merged", "tonghop-k1", ["/bao-cao/don-doc/"]),
    ("filing-tasks", "nhaplieu", ["/", r"> ^/bao-cao/\d+/", r"> nhiem-vu"]),
    ("people", "quantri", ["/nguoi-dung/"]),
    ("journal", "quantri", ["/nguoi-dung/nhat-ky/"]),
    ("plan-review", "tonghop", ["/ke-hoach/", r"> ^/ke-hoach/\d+/$", r"> ra-soat/"]),
    ("filings", "tonghop", ["/bao-cao/"]),
    ("chasing", "tonghop", ["/bao-cao/don-doc/"]),
    ("filing-grid", "nhaplieu", ["/", r"> ^/bao-cao/\d+/"]),
    ("filing-upload", "nhaplieu", ["/", r"> ^/bao-cao/\d+/", r"> nop-bang-tinh/$"]),
    ("filing-ruling", "tonghop", ["/", r"> ^/bao-cao/\d+/"]),
    ("figures", "tonghop", ["/so-lieu/"]),
    ("lineage", "tonghop", ["/so-lieu/", r"> &nguon="]),
    ("reviews", "tonghop", ["/tong-ket/"]),
    ("review-workspace", "tonghop", ["/tong-ket/", r"> ^/tong-ket/\d+/"]),
]
GUIDE = {
    "sign-in", "my-work", "plan-board", "plan-review", "filing-grid", "filing-upload", "filing-ruling", "chasing",
    "figures", "lineage", "review-workspace", "plan-family", "plan-coverage", "chasing-merged",
}  # fmt: skip


def sign_in(page: Page, address: str, account: str) -> None:
    """Sign in as one of the demo's accounts."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", account)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    page.wait_for_load_state("networkidle")


def walk(page: Page, address: str, steps: list[str]) -> bool:
    """Follow the steps; False when a link that was asked for is not on the page."""
    for step in steps:
        if step[0] in ">~":
            wanted = re.compile(step[1:].strip())
            links = page.eval_on_selector_all(
                "main a[href]", "as => as.map(a => [a.getAttribute('href'), a.innerText])"
            )
            found = [href for href, words in links if wanted.search(href if step[0] == ">" else words)]
            if not found:
                return False
            page.goto(page.evaluate("h => new URL(h, location).href", found[0]))
        else:
            page.goto(address + step)
        page.wait_for_load_state("networkidle")
    return True


def take(
    browser: Browser, address: str, folder: Path, *, names: set[str] | None, widths: list[str], themes: list[str]
) -> int:
    """Take the pictures; returns how many pages could not be reached."""
    missed = 0
    for name, account, steps in PAGES:
        if names is not None and name not in names:
            continue
        for width in widths:
            for theme in themes:
                size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
                context = browser.new_context(viewport=size, locale="vi-VN", color_scheme=theme)
                page = context.new_page()
                if account:
                    sign_in(page, address, account)
                if walk(page, address, steps):
                    suffix = "" if names is not None else f"-{width}-{theme}"
                    page.screenshot(path=folder / f"{name}{suffix}.png", full_page=names is None)
                else:
                    missed += 1
                    print(f"{name}: {account} does not reach {steps[-1]} from {page.url}", file=sys.stderr)
                context.close()
    return missed


def main() -> int:
    """Take the guide's pictures into docs/images, or all pages into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8138")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, both widths, both themes")
    args = parser.parse_args()
    folder = args.all or Path("docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        if args.all:
            missed = take(browser, args.address, folder, names=None, widths=list(WIDTHS), themes=["light", "dark"])
        else:
            missed = take(browser, args.address, folder, names=GUIDE, widths=["1366"], themes=["light"])
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
