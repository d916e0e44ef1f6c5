"""Usage: check_html.py FILE...: whether each page is balanced, points at nothing outside itself, runs
no script, and allows itself no style but its own."""

import base64
import hashlib
import html.parser
import sys

EMPTY = {"meta", "input", "wbr", "br", "path", "rect"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.problems = [], [], [], []
        self.style = self.policy = ""

    def handle_starttag(self, tag, attributes):
        self.attributes(tag, dict(attributes))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.attributes(tag, dict(attributes))

    def attributes(self, tag, values):
        if tag in ("script", "iframe", "object", "embed", "img", "link", "base", "form"):
            self.problems.append(f"<{tag}>")
        for name, value in values.items():
            if name.startswith("on") or name in ("style", "src", "srcset", "action"):
                self.problems.append(f"{tag} has {name}")
            if name == "href":
                self.links.append(value)
            if name == "id":
                self.ids.append(value)
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data


def problems_of(text):
    page = Page()
    page.feed(text)
    page.close()
    found = page.problems
    if page.open:
        found.append(f"left open: {page.open}")
    if len(page.ids) != len(set(page.ids)):
        found.append("an id is there twice")
    found += [f"link to {link}" for link in page.links if link[:1] != "#" or link[1:] not in page.ids]
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    if f"style-src 'sha256-{digest}'" not in page.policy or "default-src 'none'" not in page.policy:
        found.append("the policy does not fit the style")
    if "url(" in page.style or "@import" in page.style:
        found.append("the style loads something")
    return found


bad = 0
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        for problem in problems_of(file.read()):
            print(f"{name}: {problem}")
            bad += 1
sys.exit(1 if bad else 0)
