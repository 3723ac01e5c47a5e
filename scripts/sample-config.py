#!/usr/bin/env python3
"""Writes packaging/gateway.yaml, the sample of a settings file, from the tables of docs/configuration.md.

Those have a row for each setting of the program (SettingCatalogueTests), and the sample is read by the program's own reader
(SampleSettingsTests). With --check it writes nothing and fails if the file is not what it would write.
"""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/configuration.md"
SAMPLE = ROOT / "packaging/gateway.yaml"
WIDTH = 100

# What stands for a setting that has no default, or one that depends on others.
EXAMPLES = {
    "backends": "[home=messenger.example.net:1863]",
    "publicHosts": "[msn.example.net]",
    "corsOrigins": "[https://dashboard.example.net]",
    "trustedProxies": "[127.0.0.1]",
    "openSignIn": "false",
    "webDirectory": "/usr/share/msnp-gateway/web",
    "stateDirectory": "/var/lib/msnp-gateway",
    "stateKey": "/etc/msnp-gateway/state.key",
    "store": "sqlite",
    "webhooks.allowedAddresses": "[10.0.0.0/8]",
    "webhooks.proxy": "http://10.0.0.1:3128",
    "webhooks.authorities": "/etc/msnp-gateway/authorities.pem",
    "backend.NAME.loginHosts": "[login.example.net]",
    "backend.NAME.quirks": "[no-FND, no-PAG]",
    "backend.NAME.dialects": "[MSNP6, MSNP5, MSNP4]",
    "backend.NAME.rewrites": "[10.0.0.5=messenger.example.net]",
    "backend.NAME.allowedAddresses": "[10.0.0.5]",
    "backend.NAME.signInsPerSecond": "50",
}

HEAD = """\
Settings of msnp-gateway: each with what it means and its default, or, where there is none, an example. All of them are
comments: take the # before a key away to set it. Flags and the environment win over this file.

What is wrong here is said with its line when the gateway starts. SIGHUP (systemctl reload) reads the file again: limits,
publicHosts, corsOrigins, trustedProxies, proxyHeader, openSignIn, webhooks.allowedAddresses and logLevel follow at once, others
with the next start.

Written by scripts/sample-config.py.
"""


def plain(text):
    """Markdown without its marks."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "").replace("**", "")
    return text.replace("see below", "docs/configuration.md says more")


def comment(text):
    return "".join(f"# {line}\n" for line in textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False))


def sections():
    """Headings of the page, each with its settings: key, default, meaning."""
    heading, columns = "", []
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("| Key "):
            columns = [cell.strip() for cell in line.strip("|").split("|")]
        elif line.startswith("| `") and columns:
            row = dict(zip(columns, (cell.strip() for cell in line.strip("|").split("|"))))
            yield heading, row["Key"].strip("`"), row["Default"], row["Meaning"]
        elif not line.startswith("|"):
            columns = []


def sample():
    text = "".join(f"# {line}".rstrip() + "\n" for line in HEAD.splitlines())
    last = None
    for heading, key, default, meaning in sections():
        if heading != last:
            text += f"\n# {'-' * (WIDTH - 2)}\n# {heading}\n"
            if heading == "Each backend":
                text += comment("NAME is a name from backends; here it is home.")
            last = heading
        value = EXAMPLES.get(key)
        said = plain(default)
        if value is None:
            value = said
            assert re.fullmatch(r"[\w.:-]+", value), f"{key} needs an example, as its default is {default}"
            said = None
        text += "\n" + comment(plain(meaning) + ".") + (comment(f"Default: {said}.") if said else "")
        text += f"#{key.replace('NAME', 'home')}: {value}\n"
    return text


def main():
    wanted = sample()
    if "--check" in sys.argv[1:]:
        if not SAMPLE.exists() or SAMPLE.read_text() != wanted:
            sys.exit(f"{SAMPLE.relative_to(ROOT)} is not what {PAGE.relative_to(ROOT)} says: run scripts/sample-config.py")
        return
    SAMPLE.write_text(wanted)


main()
