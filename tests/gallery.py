"""Pictures of reports for the README, from seeds alone: `make gallery`."""

import io
from pathlib import Path
import shutil
import sys
import tempfile

from PIL import Image
from playwright.sync_api import sync_playwright

from presslab.comparison.run import compare_run
from presslab.runs.articles import report_run
from presslab.runs.job import Options

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "tests" / "gallery"
LARGEST = 100_000  # bytes of a picture
WIDE, PHONE = {"width": 1120, "height": 720}, {"width": 390, "height": 720}
PICTURES = (  # name, page, what to scroll to, window, colours
    ("summary", "run/articles/court-harbour.html", "h1", WIDE, "light"),
    ("annotated", "run/articles/court-harbour.html", "h2:has-text('annotated')", WIDE, "light"),
    ("dark", "run/articles/court-harbour.html", "h2:has-text('makes salient')", WIDE, "dark"),
    ("phone", "run/articles/court-harbour.html", ".story", PHONE, "light"),
    ("index", "run/index.html", "h1", WIDE, "light"),
    ("comparison", "event/events/*.html", "h1", WIDE, "light"),
)


def main() -> None:
    """Make the runs, take the pictures; says where a picture is larger than LARGEST."""
    browser_path = next(
        path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))
    )
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        report_run([ROOT / "seeds"], Path(place) / "run")
        compare_run(sorted((ROOT / "seeds").glob("bridge-*.txt")), Path(place) / "event", Options(), "Bridge")
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        for name, path, start, window, scheme in PICTURES:
            page = browser.new_context(viewport=window, color_scheme=scheme, reduced_motion="reduce").new_page()
            page.goto(next(Path(place).glob(path)).as_uri())
            page.wait_for_timeout(200)  # the index draws its distributions a moment after its rows
            page.locator(start).first.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 20)")
            taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            taken.quantize(64, dither=Image.Dither.NONE).save(PLACE / f"{name}.png", optimize=True)
            page.context.close()
            size = (PLACE / f"{name}.png").stat().st_size
            print(f"{name}.png {size:,} bytes{' (too large)' if size > LARGEST else ''}")
            if size > LARGEST:
                sys.exit(1)


if __name__ == "__main__":
    main()
