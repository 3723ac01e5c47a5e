"""Looks whether what the pages and the comments point to is there: check.py

Links and anchors of the pages, sections of pages that comments cite, the files that architecture.md sends its readers to, the
snippets that the documentation of libraries shows, and the README's recording of the page.
Closes with a line that counts them, and fails if one is missing.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted((ROOT / "docs").glob("*.md"))
COMMENTED = ("Sources/**/*.swift", "Tests/**/*.swift", "Tests/**/*.py", "Benchmarks/**/*.py", "scripts/*.sh", "web-static/**/*.js")
# A page, and one or more of its anchors: `docs/protocol.md#calling, #being-called`.
CITATION = re.compile(r"\b(docs/[\w-]+\.md)((?:(?:, | and )?#[\w-]+)*)")
# A page that was never in this repository, by itself or with the number of a section.
FOREIGN = re.compile(r"(?<![\w/.-])(?:protocol|design|state)\.md\b(?! *[#)])")
# A place in the repository, on a page: a path with a known beginning.
PLACE = re.compile(r"`((?:Examples|Snippets|Sources|Tests|web-static|api-spec|docs|scripts)/[\w+./-]*)`")

# Bytes that the recording of the page may have.
RECORDING = 1_000_000


def anchors(page, known={}):
    """The anchors that a page gives itself, and those that its headings have on the usual sites."""
    if page not in known:
        text = page.read_text(encoding="utf8")
        headings = re.findall(r"^#+ (.+)$", text, re.M)
        known[page] = set(re.findall(r'<a id="([^"]+)">', text)) | {
            re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
        }
    return known[page]


def dead_links(page):
    """What the links of a page miss, and the number of links."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf8"), flags=re.S)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", link)]
    missing = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            missing.append(f"{page.name}: {link} is not there")
        elif anchor and anchor not in anchors(target):
            missing.append(f"{page.name}: {link} has no such section")
    return missing, len(links)


def dead_citations():
    """Which sections comments cite that no page has, and the number of citations."""
    missing, count = [], 0
    for pattern in COMMENTED:
        for path in sorted(ROOT.glob(pattern)):
            if ".build" in path.parts or path == pathlib.Path(__file__):
                continue
            name = path.relative_to(ROOT)
            for number, line in enumerate(path.read_text(encoding="utf8").split("\n"), 1):
                for page, sections in CITATION.findall(line):
                    count += 1
                    if not (ROOT / page).is_file():
                        missing.append(f"{name}:{number}: there is no {page}")
                        continue
                    for section in re.findall(r"#([\w-]+)", sections):
                        if section not in anchors(ROOT / page):
                            missing.append(f"{name}:{number}: {page} has no section #{section}")
                if path.suffix == ".swift" and FOREIGN.search(line):
                    missing.append(f"{name}:{number}: cites a page that is not here: {line.strip()[:100]}")
    return missing, count


def dead_places():
    """Which files architecture.md names that are not there, and the number of those that it names."""
    page = ROOT / "docs" / "architecture.md"
    places = PLACE.findall(page.read_text(encoding="utf8"))
    return [f"{page.name}: {place} is not there" for place in places if not (ROOT / place).exists()], len(places)


def dead_snippets():
    """Which slices of snippets the catalogues of libraries show that are not there, and the number of those that they show."""
    missing, count = [], 0
    for page in sorted(ROOT.glob("Sources/*/*.docc/*.md")):
        for path, slice in re.findall(r'@Snippet\(path: "msnp-gateway/([\w/]+)", slice: "(\w+)"\)', page.read_text(encoding="utf8")):
            count += 1
            snippet = ROOT / f"{path}.swift"
            if not snippet.exists() or f"// snippet.{slice}\n" not in snippet.read_text(encoding="utf8"):
                missing.append(f"{page.name}: {path} has no slice {slice}")
    return missing, count


def recording():
    """What is wrong with the README's recording of the page: whoever reads waits for it, and it has to move."""
    name = "docs/images/recording.webp"
    if f"]({name})" not in (ROOT / "README.md").read_text(encoding="utf8"):
        return [f"README.md: does not show {name}"]
    if not (ROOT / name).is_file():
        return [f"{name} is not there: make recording"]
    data = (ROOT / name).read_bytes()
    # A WebP file with a header that says so (RFC 9649, 2.7), and its bit for an animation.
    if data[:4] != b"RIFF" or data[8:16] != b"WEBPVP8X" or not data[20] & 2:
        return [f"{name} is no animation"]
    return [f"{name}: {len(data)} bytes, and may have {RECORDING}"] if len(data) >= RECORDING else []


def main():
    missing, links = [], 0
    for page in PAGES:
        dead, count = dead_links(page)
        missing += dead
        links += count
    dead, citations = dead_citations()
    missing += dead
    dead, places = dead_places()
    missing += dead
    dead, snippets = dead_snippets()
    missing += dead
    missing += recording()
    for line in missing:
        print(line)
    print(f"{links} links, {citations} citations, {places} places, {snippets} snippets: {len(missing)} missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
