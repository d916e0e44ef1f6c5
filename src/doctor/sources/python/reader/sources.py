"""The text of files, annotations and strings: decoded, parsed, and cut at the places that syntax trees name."""


class Unreadable(Exception):
    """A file that cannot be read: what kind of trouble, and where."""

    def __init__(self, kind, message, line=0, column=0):
        super().__init__(message)
        self.record = {"line": line, "column": column, "kind": kind, "message": message}


DECLARES_ENCODING = re.compile(rb"^[^\n]*coding[:=]|^[^\n]*\n[^\n]*coding[:=]")


def declared_encoding(data):
    import io
    import tokenize
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise Unreadable("encoding", str(error.msg), 1, 1)


def decoded(data):
    """(text with plain line ends, encoding); Unreadable if it is not text in the encoding that it declares."""
    encoding = declared_encoding(data) if DECLARES_ENCODING.match(data) else "utf-8"
    if data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise Unreadable("encoding", "not %s: %s" % (encoding, error.reason), line, column)
    except (LookupError, ValueError) as error:
        raise Unreadable("encoding", str(error), 1, 1)
    if "\0" in text:
        before = text[:text.index("\0")]
        raise Unreadable("syntax", "a NUL character", before.count("\n") + 1, len(before) - before.rfind("\n"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, encoding


def parsed(text):
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise Unreadable("syntax", error.msg or "invalid syntax", error.lineno or 1, max(error.offset or 1, 1))
    except (RecursionError, MemoryError):
        raise Unreadable("too-deep", "nested too deeply to be parsed")
    except (ValueError, OverflowError) as error:
        raise Unreadable("syntax", str(error), 1, 1)


class Source:
    """Text that syntax trees were made from: gives places and the text as written."""

    def __init__(self, text):
        self.text = text
        self.lines = text.split("\n")
        self.ascii = text.isascii()

    def index(self, line, offset):
        if self.ascii or self.lines[line - 1].isascii():
            return offset
        return len(self.lines[line - 1].encode("utf-8", "replace")[:offset].decode("utf-8", "ignore"))

    def segment(self, node):
        """The text of a node as it is written."""
        first, last = node.lineno, node.end_lineno
        if first == last:
            line = self.lines[first - 1]
            if line.isascii():
                return line[node.col_offset:node.end_col_offset]
        start, end = self.index(first, node.col_offset), self.index(last, node.end_col_offset)
        if first == last:
            return self.lines[first - 1][start:end]
        return "\n".join([self.lines[first - 1][start:], *self.lines[first:last - 1], self.lines[last - 1][:end]])

    def cut(self, node):
        """(the text of a node, its place)"""
        first = node.lineno
        if first == node.end_lineno:
            line = self.lines[first - 1]
            if line.isascii():
                start, end = node.col_offset, node.end_col_offset
                return line[start:end], (first, start + 1, first, end + 1)
        return self.segment(node), self.place(node)

    def statement(self, node):
        if node.lineno == node.end_lineno:
            return self.lines[node.lineno - 1]
        return "\n".join(self.lines[node.lineno - 1:node.end_lineno])

    def place(self, node):
        """(line, column, end line, end column)"""
        first, last = node.lineno, node.end_lineno
        if self.ascii or first == last and self.lines[first - 1].isascii():
            return first, node.col_offset + 1, last, node.end_col_offset + 1
        return first, self.index(first, node.col_offset) + 1, last, self.index(last, node.end_col_offset) + 1

    def located(self, node):
        first, column, last, end = self.place(node)
        return {"line": first, "column": column, "end_line": last, "end_column": end}


PLAIN_LAZY = re.compile(r"(['\"])([A-Za-z_]\w*)\[([A-Za-z_]\w*)\]\1\Z", re.ASCII)
SIMPLE = re.compile(r"([A-Za-z_]\w*)(?:\[([A-Za-z_]\w*)\]|\.([A-Za-z_]\w*))?\Z", re.ASCII)


def parsed_expression(text):
    """The tree of an expression, or None. The commonest, `A`, `A[B]` and `a.b`, are made without the parser."""
    simple = SIMPLE.match(text)
    if simple and not KEYWORDS.intersection(simple.groups()):
        first, end = name_node(simple, 1), len(text)
        if simple.group(3) is not None:
            return ast.Attribute(value=first, attr=simple.group(3), ctx=LOAD, lineno=1, col_offset=0, end_lineno=1,
                                 end_col_offset=end)
        if simple.group(2) is None:
            return first
        return ast.Subscript(value=first, slice=name_node(simple, 2), ctx=LOAD, lineno=1, col_offset=0, end_lineno=1,
                             end_col_offset=end)
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def name_node(match, group):
    return ast.Name(id=match.group(group), ctx=LOAD, lineno=1, col_offset=match.start(group), end_lineno=1,
                    end_col_offset=match.end(group))


class Written:
    """An annotation as it is written. Places are spans in its text: (start, end), in characters from 0."""

    def __init__(self, source, node, text):
        self.source, self.node, self.text = source, node, text
        self.segment = source.segment
        first = source.lines[node.lineno - 1]
        self.base = node.col_offset if node.lineno == node.end_lineno and first.isascii() else None

    def place(self, node):
        if self.base is not None:
            return node.col_offset - self.base, node.end_col_offset - self.base
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def offset(self, line, offset):
        index, base = self.source.index(line, offset), self.node
        if line == base.lineno:
            return index - self.source.index(line, base.col_offset)
        above = self.text.split("\n")[:line - base.lineno]
        return sum(map(len, above)) + len(above) + index


class Quoted:
    """The text inside a string annotation. A part of it has a place of its own if the string is written letter by
    letter; otherwise its place is that of the string."""

    def __init__(self, source, constant):
        self.source, self.constant = source, constant
        self.text = constant.value.strip()
        self.inner = Source(self.text)
        self.shift = None  # how far the text stands behind the start of the string
        if constant.lineno == constant.end_lineno:
            written = source.segment(constant)
            mark = 1 if written[:1] in "'\"" else 2
            if written[mark:-1] == constant.value and "\\" not in written:
                self.shift = mark + len(constant.value) - len(constant.value.lstrip())

    def segment(self, node):
        return self.inner.segment(node)

    def place(self, node):
        place = self.source.place(self.constant)
        if self.shift is None:
            return place
        inside = self.inner.place(node)
        if len(place) == 2:
            start = place[0] + self.shift - 1
            return start + inside[1], start + inside[3]
        start = place[1] + self.shift - 1
        return place[0], start + inside[1], place[0], start + inside[3]
