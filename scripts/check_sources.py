"""Checks what swift-format doesn't: that declarations have doc comments, and that files are short, but not too short.

CONTRIBUTING.md says which declarations need a comment; what it says is what this looks at. Prints a line for each fault, and
exits with 1 if there is any.
"""

import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Lines in a file: what one reads in one go.
LONGEST = 350
# Lines of half of the files, of Swift alone and of all: fewer, and reading one thing means opening five files; more, and one
# file is about several things.
MEDIAN = (45, 120)
# Lists of words, which nobody reads from end to end.
WORD_LISTS = re.compile(r"web-static/js/words/\w+\.js$")
# Where the length of files is looked at, and which.
SHORT = re.compile(r"(Sources|web-static)/.*\.(swift|c|h|js|css|html)$")
# Where doc comments are looked for.
DOCUMENTED = re.compile(r"(Sources|Tests/TestSupport)/.*\.swift$")

DECLARATION = re.compile(
    r"\s*(?:@\w+(?:\([^)]*\))?\s+|(?:nonisolated|final|static|mutating|indirect|override|consuming|borrowing|lazy|weak|unowned)"
    r"\s+)*(?:package|public)\s+(?:internal\(set\)\s+|private\(set\)\s+|fileprivate\(set\)\s+)?(?!import\b)(?P<rest>.*)")
KIND = re.compile(r"\b(init|func|var|let|struct|class|enum|actor|protocol|typealias|subscript)\b")
# What the standard library asks of types, and says what it means.
WITNESS = re.compile(
    r"\b(?:var (?:description|debugDescription|customMirror)\b|func (?:==|<) ?\(|func hash\(into|func encode\(to "
    r"|init\((?:stringLiteral|from decoder)\b|func makeIterator\(|func next\(\)|func enqueue\(|var unownedExecutor\b"
    r"|let rawValue\b)")
# A number has a unit or a range, and nil has a meaning: what one reads in a name and a type is not all there is.
SAYS_LITTLE = re.compile(r":\s*(?:U?Int(?:8|16|32|64)?|Double|Duration|\[.*\]|.*\?)\s*(?:=|$)|=\s*-?[\d.]|= \.?(?:seconds|Duration)\b")


def signature(lines, index):
    """A declaration in one line, up to the end of its parameters and what follows them there."""
    text = ""
    for line in lines[index:]:
        text += line.strip() + " "
        if text.count("(") == text.count(")"):
            break
    return text.strip()


def behind_parameters(text):
    """What follows the parentheses that a text has first."""
    depth = 0
    for index, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == ")" and depth == 0:
            return text[index + 1:].split("{")[0]
    return ""


def needs_comment(text, in_conformance):
    """Whether a declaration that begins so needs a doc comment."""
    kind = KIND.search(text)
    if in_conformance or WITNESS.search(text) or kind is None:
        return False
    if kind[1] == "init":
        # One that takes over what it is given says so by its labels; one that may refuse has something to explain.
        return text[kind.start():].startswith("init?") or " throws" in behind_parameters(text[kind.end():])
    if kind[1] in ("let", "var") and "{" not in text:
        return " static " in f" {text}" or bool(SAYS_LITTLE.search(text))
    return True


def undocumented(path):
    """Lines of declarations that lack a doc comment, with what they declare."""
    lines = path.read_text(encoding="utf-8").split("\n")
    in_conformance = False
    for index, line in enumerate(lines):
        if line and not line[0].isspace():
            # What stands in an extension for a protocol is explained by the protocol.
            in_conformance = bool(re.match(r"extension [\w.]+(?:<.*>)?: ", line)) or (in_conformance and line[0] != "}")
        match = DECLARATION.match(line)
        if not match:
            continue
        above = index - 1
        while lines[above].strip().startswith("@"):
            above -= 1
        if not lines[above].strip().startswith("///") and needs_comment(signature(lines, index), in_conformance):
            yield index + 1, match["rest"]


def main():
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
        check=True).stdout.split("\n")
    faults = []
    lengths = {}
    for name in names:
        path = ROOT / name
        if not path.is_file():
            continue
        if SHORT.match(name) and not WORD_LISTS.match(name):
            count = lengths[name] = len(path.read_text(encoding="utf-8").splitlines())
            if count > LONGEST:
                faults.append(f"{name}: {count} lines, of at most {LONGEST}: look for the second type")
        if DOCUMENTED.match(name):
            faults += [f"{name}:{line}: needs a doc comment: {text}" for line, text in undocumented(path)]
    for kind, counts in (("files", lengths.values()), (".swift files", [lengths[n] for n in lengths if n.endswith(".swift")])):
        median = statistics.median(counts)
        if not MEDIAN[0] <= median <= MEDIAN[1]:
            faults.append(f"half of the {len(counts)} {kind} have up to {median} lines, and not {MEDIAN[0]} to {MEDIAN[1]}: "
                          "a small type stands in the file of what it serves (CONTRIBUTING.md)")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
