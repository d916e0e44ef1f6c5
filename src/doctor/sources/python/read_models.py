"""Reads Ommi models from Python sources, without running them, and prints one JSON document of what is written there.

Run as `python3 -I - [--root DIR]... [--] PATH...` with this script on standard input. A PATH is a file, a folder
(every *.py below it, without hidden folders, __pycache__, node_modules and virtual environments) or a glob.
It needs the standard library of Python 3.8 or later. It only reads: nothing is imported, executed or written, and no
file is opened that was not named. Exit code 0 means that the document is complete; files that could not be read are in
its `problems`. Exit code 2: the command line was wrong.

The document holds facts, not judgements; docs/python-facts.md describes it key by key. Lines and columns count from 1;
columns count characters (Python's ast counts UTF-8 bytes from 0). What is null, false or empty is left out.

The parts of this file, in the order in which a run passes through them:
  names of Ommi, files, sources, scopes, resolving names, models, annotations, metadata and references, fields,
  bases, the use of Ommi, the document.
"""
import ast
import bisect
import builtins
import gc
import json
import keyword
import os
import re
import stat
import sys
import threading
import warnings

SCHEMA_VERSION = 1
MAX_FILE_BYTES = 16 << 20
MAX_ALIASES = 32
NEIGHBOURS = 50  # how many names around a misspelt one are looked at, if there are many
MAX_CANDIDATES = 9

# ---- names of Ommi ---------------------------------------------------------------------------------------------------

METADATA = "ommi.models.field_metadata"
LAZY = "ommi.models.query_fields"
RESULTS = "ommi.database.results"
QUERY_RESULTS = "ommi.database.query_results"
# Where Ommi 0.2 offers each name.
PLACES = {
    **dict.fromkeys(("ommi_model", "OmmiModel"), ("ommi", "ommi.models", "ommi.models.models")),
    **dict.fromkeys(("Key", "Auto", "StoreAs", "FieldType"), ("ommi", METADATA)),
    **dict.fromkeys(("ReferenceTo", "create_metadata_flag", "create_metadata_type", "AggregateMetadata",
                     "FieldMetadata", "MetadataFlag"), (METADATA,)),
    **dict.fromkeys(("LazyLoadTheRelated", "LazyLoadEveryRelated", "AssociateUsing", "AssociateOnReference",
                     "LazyQueryField", "QueryStrategy"), (LAZY,)),
    **dict.fromkeys(("ModelCollection", "get_global_collection"), ("ommi.models.collections",)),
    **dict.fromkeys(("Ommi", "DBResult", "DBQueryResult", "OmmiTransaction"), ("ommi", "ommi.database")),
    **dict.fromkeys(("DBStatusNoResultException", "DBSuccess", "DBFailure", "DBResultBuilder"), (RESULTS,)),
    **dict.fromkeys(("DBQuerySuccess", "DBQueryFailure", "DBQueryResultBuilder", "WrapInResult",
                     "DBEmptyQueryException"), (QUERY_RESULTS,)),
    **dict.fromkeys(("use_driver", "active_driver"), ("ommi", "ommi.driver_context")),
    **dict.fromkeys(("UseDriver", "get_current_driver"), ("ommi.driver_context",)),
    "when": ("ommi.query_ast",),
    **dict.fromkeys(("SQLiteDriver", "SQLiteSettings", "SQLiteTransaction"), ("ommi.ext.drivers.sqlite",)),
    **dict.fromkeys(("PostgreSQLDriver", "PostgreSQLSettings", "PostgreSQLTransaction"),
                    ("ommi.ext.drivers.postgresql",)),
    **dict.fromkeys(("MongoDBDriver", "MongoDBSettings", "MongoDBTransaction"), ("ommi.ext.drivers.mongodb",)),
}
OLD_NAMES = {"DatabaseResult", "AsyncResultWrapper", "SQLiteConfig", "PostgreSQLConfig", "MongoDBConfig",
             "DatabaseStatus"}
OLD_METHODS = {"from_config", "raise_on_errors", "create_models", "setup_on", "remove_from", "value_or",
               "fetch_related"}
OMMI_NAMES = set(PLACES) | {"BaseDriver"}
LAZY_KINDS = {"LazyLoadTheRelated": "one", "LazyLoadEveryRelated": "every"}
METADATA_KINDS = {"Key", "Auto", "StoreAs", "FieldType", "ReferenceTo"}
DRIVERS = {"SQLiteDriver", "PostgreSQLDriver", "MongoDBDriver", "BaseDriver"}
SETTINGS = {"SQLiteSettings", "PostgreSQLSettings", "MongoDBSettings"}
ACTIVE_RECORD = {"fetch", "count", "save", "reload", "delete"}
LAZY_API = {"get_result", "or_use", "refresh", "refresh_if_needed"}
OLD_LAZY_API = {"value", "get", "result"}

LIBRARIES = {
    "dataclasses.dataclass": "dataclass",
    "pydantic.dataclasses.dataclass": "pydantic-dataclass",
    **dict.fromkeys(("attrs.define", "attrs.frozen", "attrs.mutable", "attr.s", "attr.attrs", "attr.define",
                     "attr.frozen", "attr.mutable", "attr.dataclass"), "attrs"),
}
FROZEN_DECORATORS = {"attrs.frozen", "attr.frozen"}
PYDANTIC_BASES = {"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic_settings.BaseSettings"}
PLAIN_MODULES = {"datetime", "decimal", "uuid"}
NEUTRAL_BASES = {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"}
FIELD_CALLS = {"dataclasses.field", "attrs.field", "attr.field", "attr.ib", "attr.attrib", "pydantic.Field",
               "pydantic.fields.Field"}
# What `from x import *` brings, for the modules that models use.
STARS = {
    "typing": {"Annotated", "Any", "ClassVar", "Dict", "Final", "List", "NewType", "Optional", "Set", "Tuple",
               "TYPE_CHECKING", "Union"},
    "dataclasses": {"dataclass", "field", "InitVar", "KW_ONLY"},
    "pydantic": {"BaseModel", "ConfigDict", "Field"},
    "attrs": {"define", "field", "frozen", "mutable"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "decimal": {"Decimal"},
    "uuid": {"UUID"},
    "enum": {"Enum", "IntEnum", "Flag", "IntFlag"},
}
BUILTINS = frozenset(dir(builtins))
EXACT = {"builtins.int": "int", "builtins.str": "str", "builtins.float": "float", "builtins.bool": "bool"}
INT_CLASSES = {"builtins.int", "builtins.bool", "enum.IntEnum", "enum.IntFlag"}
CLASS_NAMES = re.compile(r"builtins\.[a-z]+\Z|datetime\.(datetime|date|time|timedelta)\Z|decimal\.Decimal\Z|"
                         r"uuid\.UUID\Z|pathlib\.\w*Path\Z|enum\.\w+\Z|fractions\.Fraction\Z")

TYPE_ALIAS = getattr(ast, "TypeAlias", None)
MATCH = getattr(ast, "Match", None)
INDEX = getattr(ast, "Index", None) if sys.version_info < (3, 9) else None
LOAD = ast.Load()
KEYWORDS = frozenset(keyword.kwlist)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
NAMES = (ast.Name, ast.Attribute)


def clean(record):
    """The record without what is null, false or empty."""
    return {key: value for key, value in record.items() if value or value == 0 and value is not False}


def closest(name, candidates):
    """The candidate most like `name`, or None. The import is late because most runs do not need it."""
    if not candidates:
        return None
    import difflib
    names = sorted(candidates)
    if len(names) > 2 * NEIGHBOURS:
        middle = bisect.bisect(names, name)
        names = names[max(middle - NEIGHBOURS, 0):middle + NEIGHBOURS]
    found = difflib.get_close_matches(name, names, 1, 0.6)
    return found[0] if found else None


# ---- files -----------------------------------------------------------------------------------------------------------

SKIPPED_FOLDERS = {"__pycache__", "node_modules", "venv", "site-packages"}


def is_skipped(name):
    return name.startswith(".") or name in SKIPPED_FOLDERS


def python_files(folder):
    """Every *.py below a folder; links to folders are not followed, so no loop is possible."""
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_skipped(name))
        for name in sorted(files):
            if name.endswith(".py"):
                yield os.path.join(path, name)


def glob_parts(pattern):
    drive, rest = os.path.splitdrive(pattern)
    parts = [part for part in re.split(r"[/\\]" if os.sep == "\\" else "/", rest) if part]
    return (drive + os.sep if os.path.isabs(pattern) else drive), parts


def glob_step(folder, parts):
    """What the rest of a glob matches below `folder`; `**` is any number of folders, links to folders excepted."""
    if not parts:
        yield folder
        return
    import fnmatch
    head, rest = parts[0], parts[1:]
    if not re.search(r"[*?\[]", head):
        below = os.path.join(folder, head)
        if os.path.lexists(below):
            yield from glob_step(below, rest)
        return
    if head == "**":
        yield from glob_step(folder, rest or ["*"])
    try:
        entries = sorted(os.scandir(folder or os.curdir), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if is_skipped(entry.name):
            continue
        below = os.path.join(folder, entry.name)
        if head == "**":
            if entry.is_dir(follow_symlinks=False):
                yield from glob_step(below, parts)
        elif fnmatch.fnmatchcase(entry.name, head) and (not rest or entry.is_dir()):
            yield from glob_step(below, rest)


class Files:
    """The files to read: each once, in the order of their names, with the folders that modules are named from."""

    def __init__(self, arguments, roots, problems):
        self.roots = [os.path.normpath(root) for root in roots]
        self.problems = problems
        self.paths = {}  # path -> folder it was found through, or None
        self.seen = set()
        for argument in arguments:
            self.add_argument(argument)

    def add_argument(self, argument):
        if os.path.isdir(argument):
            self.add_folder(argument)
        elif os.path.lexists(argument):
            self.add_file(argument, None)
        elif re.search(r"[*?\[]", argument):
            found = sorted(set(glob_step(*glob_parts(argument))))
            if not found:
                self.problem(argument, "not-found", "the pattern matches nothing")
            for path in found:
                if os.path.isdir(path):
                    self.add_folder(path)
                elif path.endswith((".py", ".pyi")):
                    self.add_file(path, None)
        else:
            self.problem(argument, "not-found", "no such file or folder")

    def add_folder(self, folder):
        for path in python_files(folder):
            self.add_file(path, folder)

    def add_file(self, path, folder):
        path = os.path.normpath(path)
        try:
            status = os.stat(path)
        except OSError as error:
            self.problem(path, "unreadable", error.strerror or str(error))
            return
        if not stat.S_ISREG(status.st_mode):
            self.problem(path, "unreadable", "not a regular file")
        elif status.st_size > MAX_FILE_BYTES:
            self.problem(path, "too-large", "%d bytes, the limit is %d" % (status.st_size, MAX_FILE_BYTES))
        elif (status.st_dev, status.st_ino) not in self.seen or not status.st_ino:
            self.seen.add((status.st_dev, status.st_ino))
            self.paths.setdefault(path, folder)

    def problem(self, path, kind, message):
        self.problems.append({"file": path, "line": 0, "column": 0, "kind": kind, "message": message})


class ModuleNames:
    """Names modules as an import statement would: from the folder above the topmost package."""

    def __init__(self, roots):
        self.roots = [os.path.abspath(root) for root in roots]
        self.packages = {}
        self.standard = dict.fromkeys(("ommi", "attr", "attrs", "pydantic", "typing_extensions", "tramp"), True)

    def is_package(self, folder):
        if folder not in self.packages:
            self.packages[folder] = os.path.isfile(os.path.join(folder, "__init__.py"))
        return self.packages[folder]

    def top(self, folder):
        for root in self.roots:
            if folder == root or folder.startswith(root.rstrip(os.sep) + os.sep):
                return root
        while self.is_package(folder) and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
        return folder

    def name(self, path, given_folder):
        """(the name, the other names it may be imported by, whether it is a package, the folder it is named from)"""
        path = os.path.abspath(path)
        folder, file_name = os.path.split(path)
        top = self.top(folder)
        if given_folder is not None and not self.roots and not self.is_package(folder):
            given = os.path.abspath(given_folder)
            if not self.is_package(given) and folder.startswith(given):
                top = given
        parts = [part for part in os.path.relpath(folder, top).split(os.sep) if part != os.curdir]
        stem = file_name.rpartition(".")[0] or file_name
        is_package = stem == "__init__"
        if not is_package:
            parts.append(stem)
        elif not parts:
            parts.append(os.path.basename(folder) or stem)
        above = [part for part in top.split(os.sep) if part]
        others = [".".join(above[-count:] + parts) for count in (1, 2, 3) if count <= len(above)]
        others += [".".join(parts[count:]) for count in range(1, len(parts)) if not self.is_standard(parts[count])]
        return ".".join(parts), others, is_package, top

    def is_standard(self, name):
        """Whether a module of the standard library, or one that models use, has this name."""
        if name not in self.standard:
            library = os.path.join(os.path.dirname(os.__file__), name)
            self.standard[name] = name in sys.builtin_module_names or os.path.exists(library + ".py") or \
                os.path.isdir(library)
        return self.standard[name]


# ---- sources ---------------------------------------------------------------------------------------------------------

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

    def statement(self, node):
        if node.lineno == node.end_lineno:
            return self.lines[node.lineno - 1]
        return "\n".join(self.lines[node.lineno - 1:node.end_lineno])

    def place(self, node):
        """[line, column, end line, end column]"""
        first, last = node.lineno, node.end_lineno
        if self.ascii or first == last and self.lines[first - 1].isascii():
            return [first, node.col_offset + 1, last, node.end_col_offset + 1]
        return [first, self.index(first, node.col_offset) + 1, last, self.index(last, node.end_col_offset) + 1]

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
    """An annotation as it is written. Places are spans in its text: [start, end], in characters from 0."""

    def __init__(self, source, node, text):
        self.source, self.node, self.text = source, node, text
        self.segment = source.segment
        first = source.lines[node.lineno - 1]
        self.base = node.col_offset if node.lineno == node.end_lineno and first.isascii() else None

    def place(self, node):
        if self.base is not None:
            return [node.col_offset - self.base, node.end_col_offset - self.base]
        return [self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)]

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
            return [start + inside[1], start + inside[3]]
        start = place[1] + self.shift - 1
        return [place[0], start + inside[1], place[0], start + inside[3]]


# ---- scopes ----------------------------------------------------------------------------------------------------------

class Binding:
    """One statement that gives a name a meaning."""
    __slots__ = ("kind", "name", "node", "value", "scope", "line", "guarded", "fallback", "resolved")

    def __init__(self, kind, name, node, value, scope, line, guarded, fallback):
        self.kind, self.name, self.node, self.value, self.scope = kind, name, node, value, scope
        self.line, self.guarded, self.fallback, self.resolved = line, guarded, fallback, None


class Scope:
    __slots__ = ("kind", "module", "parent", "qualname", "names", "owner")

    def __init__(self, kind, module, parent, qualname, owner=None):
        self.kind, self.module, self.parent, self.qualname, self.owner = kind, module, parent, qualname, owner
        self.names = {}

    def bind(self, kind, name, node, value, guarded, fallback, line=None):
        binding = Binding(kind, name, node, value, self, line or node.lineno, guarded, fallback)
        self.names.setdefault(name, []).append(binding)

    def inside(self, name):
        return self.qualname + "." + name if self.qualname else name


class Class:
    """A class statement."""
    __slots__ = ("name", "qualname", "module", "scope", "own", "node", "guarded", "model", "bases", "local", "members")

    def __init__(self, node, scope, guarded):
        self.name, self.node, self.scope, self.module, self.guarded = node.name, node, scope, scope.module, guarded
        self.qualname = scope.inside(node.name)
        self.own = Scope("class", scope.module, scope, self.qualname, self)
        self.model = self.bases = self.members = None
        outer = scope
        while outer.kind == "class":
            outer = outer.parent
        self.local = outer.kind == "function"

    @property
    def dotted(self):
        return self.module.name + "." + self.qualname


class Module(Source):
    """A file that was read: its text, its names and its classes."""

    def __init__(self, path, text, encoding, names):
        super().__init__(text)
        self.path, self.encoding = path, encoding
        self.name, self.other_names, self.is_package, self.top = names
        self.scope = Scope("module", self, None, "")
        self.stars, self.classes, self.imports, self.scopes = [], [], [], {}
        self.future = False
        self.classes_by_node = None
        self.stable, self.stable_in_strings = {}, {}  # name -> what it means in all of the file
        self.annotations = {}  # text -> facts, of annotations that mean the same in all of the file
        self.body = []

    def class_of(self, node):
        if self.classes_by_node is None:
            self.classes_by_node = {found.node: found for found in self.classes}
        return self.classes_by_node[node]

    def absolute(self, name, level):
        """The module that `from ...name import` means, by its full name."""
        if not level:
            return name or ""
        parts = self.name.split(".")
        keep = len(parts) - level + (1 if self.is_package else 0)
        base = parts[:max(keep, 0)]
        return ".".join(base + [name] if name else base)


class Collector:
    """Walks the statements of one file, once, and enters names and classes in their scopes."""

    def __init__(self, module):
        self.module = module
        module.collector = self
        # The insides of functions are rarely needed: only where there are classes, imports or collections in them.
        self.eager = has_inner_statements(module.text)
        self.handlers = {
            ast.Import: self.import_, ast.ImportFrom: self.import_from, ast.ClassDef: self.class_,
            ast.FunctionDef: self.function, ast.AsyncFunctionDef: self.function, ast.Assign: self.assign,
            ast.AnnAssign: self.annotated, ast.If: self.if_, ast.Try: self.try_, ast.With: self.block,
            ast.AsyncWith: self.block, ast.For: self.loop, ast.AsyncFor: self.loop, ast.While: self.loop,
        }
        if hasattr(ast, "TryStar"):
            self.handlers[ast.TryStar] = self.try_
        if TYPE_ALIAS:
            self.handlers[TYPE_ALIAS] = self.type_alias
        if MATCH:
            self.handlers[MATCH] = self.match

    def body(self, statements, scope, guarded=False, fallback=False):
        handlers = self.handlers
        for node in statements:
            handler = handlers.get(type(node))
            if handler:
                handler(node, scope, guarded, fallback)

    def inside_function(self, node):
        """The scope of a function, filled."""
        scope = self.module.scopes.get(node)
        if scope is not None and scope.names is None:
            scope.names = {}
            self.body(node.body, scope)
        return scope

    def import_(self, node, scope, guarded, fallback):
        for item in node.names:
            target = item.name if item.asname else item.name.partition(".")[0]
            scope.bind("import", item.asname or target, node, target, guarded, fallback)
            self.module.imports.append((item.name, None, node, scope, guarded))

    def import_from(self, node, scope, guarded, fallback):
        module = self.module.absolute(node.module, node.level)
        if module == "__future__":
            self.module.future = self.module.future or any(item.name == "annotations" for item in node.names)
            return
        for item in node.names:
            self.module.imports.append((module, item.name, node, scope, guarded))
            if item.name == "*":
                self.module.stars.append((module, node, guarded))
            else:
                scope.bind("from", item.asname or item.name, node, (module, item.name, node.level), guarded, fallback)

    def class_(self, node, scope, guarded, fallback):
        found = Class(node, scope, guarded)
        self.module.classes.append(found)
        scope.bind("class", node.name, node, found, guarded, fallback, node.end_lineno)
        self.body(node.body, found.own, guarded, fallback)

    def function(self, node, scope, guarded, fallback):
        scope.bind("def", node.name, node, None, guarded, fallback)
        inner = Scope("function", self.module, scope, scope.inside(node.name))
        self.module.scopes[node] = inner
        if self.eager:
            self.body(node.body, inner, guarded, fallback)
        else:
            inner.names = None

    def assign(self, node, scope, guarded, fallback):
        for target in node.targets:
            if type(target) is ast.Name:
                scope.bind("assign", target.id, node, node.value, guarded, fallback)

    def annotated(self, node, scope, guarded, fallback):
        if node.value is not None and type(node.target) is ast.Name:
            scope.bind("assign", node.target.id, node, node.value, guarded, fallback)

    def type_alias(self, node, scope, guarded, fallback):
        scope.bind("type", node.name.id, node, node.value, guarded, fallback)

    def if_(self, node, scope, guarded, fallback):
        while True:
            only_checked, never_checked = type_checking_test(node.test)
            self.body(node.body, scope, guarded or only_checked, fallback)
            if len(node.orelse) != 1 or type(node.orelse[0]) is not ast.If:
                break
            guarded = guarded or never_checked
            node = node.orelse[0]
        self.body(node.orelse, scope, guarded or never_checked, fallback)

    def try_(self, node, scope, guarded, fallback):
        self.body(node.body, scope, guarded, fallback)
        for handler in node.handlers:
            self.body(handler.body, scope, guarded, True)
        self.body(node.orelse, scope, guarded, fallback)
        self.body(node.finalbody, scope, guarded, fallback)

    def block(self, node, scope, guarded, fallback):
        for item in node.items:
            if type(item.optional_vars) is ast.Name:
                scope.bind("with", item.optional_vars.id, node, item.context_expr, guarded, fallback)
        self.body(node.body, scope, guarded, fallback)

    def loop(self, node, scope, guarded, fallback):
        self.body(node.body, scope, guarded, fallback)
        self.body(node.orelse, scope, guarded, fallback)

    def match(self, node, scope, guarded, fallback):
        for case in node.cases:
            self.body(case.body, scope, guarded, fallback)


def has_inner_statements(text):
    """Whether a function may hold classes, imports, collections or models."""
    if "ollection(" in text or "ommi_model(" in text:
        return True
    for word in ("class ", "import "):
        position = text.find(word)
        while position >= 0:
            before = text[text.rfind("\n", 0, position) + 1:position]
            if before[:1] in " \t" and before or ":" in before or ";" in before:
                return True
            position = text.find(word, position + 1)
    return False


def type_checking_test(test):
    """(the body is for type checkers only, the `else` is)"""
    if type(test) is ast.Name and test.id == "TYPE_CHECKING" or \
            type(test) is ast.Attribute and test.attr == "TYPE_CHECKING":
        return True, False
    if type(test) is ast.Constant and not isinstance(test.value, str):
        return not test.value, bool(test.value)
    if type(test) is ast.UnaryOp and type(test.op) is ast.Not:
        body, other = type_checking_test(test.operand)
        return other, body
    return False, False


# ---- resolving names -------------------------------------------------------------------------------------------------

class View:
    """From where an expression is looked at: its scope, its text, and when Python evaluates it.

    `string` says that it is text which Ommi evaluates later in the module's names alone; `line` is None if all of the
    module's statements have run by then.
    """
    __slots__ = ("scope", "source", "string", "line", "known", "from_string")

    def __init__(self, scope, source, string=False, line=None):
        self.scope, self.source, self.string, self.line = scope, source, string, line
        self.known = {}  # name -> what it means from here
        self.from_string = None

    def as_string(self, source):
        """The same scope seen from inside a string; what names mean there is shared by all strings of the scope."""
        view = View(self.scope, source, True)
        if self.from_string is None:
            self.from_string = self.known if self.string else {}
        view.known = view.from_string = self.from_string
        return view


UNKNOWN = object()


class Thing:
    """What a name means. `kind`: class, model, module, alias, member, external, builtin or missing."""
    __slots__ = ("kind", "name", "value", "where", "view", "loose", "is_type_statement", "role")

    def __init__(self, kind, name, value=None, view=None, loose=False):
        self.kind, self.name, self.value, self.view, self.loose = kind, name, value, view, loose
        self.where, self.is_type_statement, self.role = "module", False, UNKNOWN

    def seen(self, where):
        """The same thing, seen from elsewhere."""
        if where == self.where:
            return self
        copy = Thing(self.kind, self.name, self.value, self.view, self.loose)
        copy.is_type_statement, copy.where = self.is_type_statement, where
        return copy

    @property
    def model(self):
        return self.value if self.kind == "model" else None

    @property
    def class_(self):
        return self.value.class_ if self.kind == "model" else self.value if self.kind == "class" else None


MISSING = Thing("missing", "")


def normal_name(name):
    return "typing." + name[18:] if name.startswith("typing_extensions.") else name


def pick(bindings, line):
    """The binding that holds at run time when statement `line` begins (None: at the end)."""
    best = None
    for binding in bindings:
        if binding.guarded or line is not None and binding.line >= line:
            continue
        if best is None or best.fallback or not binding.fallback:
            best = binding
    return best


class Program:
    """All modules that were read, and what their names mean."""

    def __init__(self, modules):
        self.modules = modules
        self.shaky = False  # whether a name was looked up that may mean something else on another line
        self.by_name = {}
        for module in modules:
            self.by_name.setdefault(module.name, []).append(module)
        self.tops = {name.partition(".")[0] for name in self.by_name}
        others = {}
        for module in modules:
            for other in module.other_names:
                if other not in self.by_name:
                    others.setdefault(other, []).append(module)
        self.by_name.update(others)
        self.classes = {}
        for module in modules:
            for found in module.classes:
                self.classes.setdefault(found.name, []).append(found)

    # Lookups: a module, a name, a binding, an expression.

    def module(self, name, importer):
        """The given module of that name; of several the one that is named from the same folder as the importer."""
        same = self.by_name.get(name)
        if not same:
            return None
        return next((module for module in same if module.top == importer.top), same[0])

    def find(self, name, view):
        """(binding or None, where): where is class, function, module, later, type-checking, not-given, builtins,
        elsewhere or missing."""
        scope = view.scope
        if view.string:
            return self.find_from_string(name, scope)
        nearest = True
        while scope.kind != "module":
            if nearest or scope.kind == "function":
                bound = scope.names.get(name)
                if bound:
                    binding = pick(bound, view.line if scope is view.scope else None) or bound[-1]
                    return binding, scope.kind
            nearest = False
            scope = scope.parent
        return self.find_in_module(name, scope, view.line)

    def find_from_string(self, name, scope):
        outer = scope
        while outer.kind != "module":
            outer = outer.parent
        binding, where = self.find_in_module(name, outer, None)
        if where in ("module", "not-given"):
            return binding, where
        while scope.kind != "module":
            if name in scope.names:
                return scope.names[name][-1], scope.kind
            scope = scope.parent
        return binding, where

    def find_in_module(self, name, scope, line):
        bound = scope.names.get(name)
        if bound:
            binding = pick(bound, line)
            if binding:
                return binding, "module"
            binding = pick(bound, None)
            if binding:
                return binding, "later"
            return bound[-1], "type-checking"
        binding, where = self.find_star(name, scope.module, set())
        if binding:
            return binding, where
        if name in BUILTINS:
            return None, "builtins"
        if where:
            return None, where
        return None, "elsewhere" if name in self.classes else "missing"

    def find_star(self, name, module, seen):
        unknown = None
        for target, node, guarded in module.stars:
            where = "type-checking" if guarded else "module"
            given = self.module(target, module)
            if given is None:
                if name in star_names(target):
                    return Binding("from", name, node, (target, name, 0), module.scope, node.lineno, guarded, False), \
                        where
                if target.partition(".")[0] not in STARS:
                    unknown = "not-given"
            elif given.path not in seen and not name.startswith("_"):
                seen.add(given.path)
                bound = given.scope.names.get(name)
                if bound:
                    return pick(bound, None) or bound[-1], where
                binding, deeper = self.find_star(name, given, seen)
                if binding:
                    return binding, where if guarded else deeper
        return None, unknown

    def of_binding(self, binding):
        """What a binding means, aliases followed."""
        if binding.resolved is None:
            binding.resolved = MISSING  # what a circle of aliases means, or one that is too long
            try:
                binding.resolved = self.meaning(binding)
            except RecursionError:
                pass
        return binding.resolved

    def meaning(self, binding):
        kind, module = binding.kind, binding.scope.module
        if kind == "class":
            return class_thing(binding.value)
        if kind == "import":
            return self.module_thing(binding.value, module)
        if kind == "from":
            return self.imported(*binding.value, module)
        dotted = module.name + "." + binding.scope.inside(binding.name)
        if kind == "assign" or kind == "type":
            return self.assigned(binding, dotted)
        return Thing("external", dotted, binding)

    def assigned(self, binding, dotted):
        value = binding.value
        line = binding.line if binding.scope.kind == "module" else None
        view = View(binding.scope, binding.scope.module, False, line)
        if isinstance(value, NAMES) and binding.kind == "assign":
            thing = self.of_expression(value, view)
            if thing.kind != "missing":
                return thing.seen("module")
        elif isinstance(value, ast.Call) and binding.kind == "assign":
            model = model_made_by(self, value, view, binding)
            if model:
                return Thing("model", dotted, model)
        thing = Thing("alias", dotted, value, view)
        thing.is_type_statement = binding.kind == "type"
        return thing

    def imported(self, module_name, name, level, importer):
        given = self.module(module_name, importer)
        if given is None:
            loose = bool(level) or module_name.partition(".")[0] in self.tops
            return Thing("external", normal_name(module_name + "." + name), loose=loose)
        bound = given.scope.names.get(name)
        if bound:
            binding = pick(bound, None) or bound[-1]
        else:
            submodule = self.module(given.name + "." + name, given)
            if submodule:
                return Thing("module", submodule.name, submodule)
            binding, where = self.find_star(name, given, set())
            if binding is None:
                loose = given.is_package or where == "not-given"
                return Thing("external" if loose else "missing", given.name + "." + name, loose=loose)
        return self.of_binding(binding)

    def module_thing(self, name, importer):
        given = self.module(name, importer)
        return Thing("module", given.name if given else name, given)

    def of_expression(self, node, view):
        """What a Name or a dotted name means; MISSING for anything else."""
        kind = type(node)
        if kind is ast.Name:
            thing = view.known.get(node.id)
            if thing is None:
                thing = view.known[node.id] = self.of_name(node.id, view)
            return thing
        if kind is ast.Attribute:
            names = []
            while type(node) is ast.Attribute:
                names.append(node.attr)
                node = node.value
            thing = base = self.of_expression(node, view)
            for name in reversed(names):
                thing = self.attribute(thing, name)
            return thing.seen(base.where)
        return MISSING

    def of_name(self, name, view):
        """What a name means. What means the same everywhere in the file is looked up once; else `shaky` is set."""
        scope = view.scope
        module = scope.module
        if scope.kind != "module" and (name in scope.names or scope.parent.kind != "module"):
            self.shaky = True
            return self.look_up(name, view)
        stable = module.stable_in_strings if view.string else module.stable
        thing = stable.get(name)
        if thing is None:
            thing = self.look_up(name, view)
            bound = module.scope.names.get(name)
            if view.string or not bound or len(bound) == 1 and bound[0].kind == "from" and thing.where == "module":
                stable[name] = thing
            else:
                self.shaky = True
        return thing

    def look_up(self, name, view):
        binding, where = self.find(name, view)
        if binding is not None:
            return self.of_binding(binding).seen(where)
        if where == "builtins":
            return Thing("builtin", "builtins." + name).seen(where)
        return Thing("missing", name).seen(where)

    def attribute(self, base, name):
        if base.kind == "module":
            if base.value is None:
                return Thing("external", normal_name(base.name + "." + name), loose=base.loose)
            return self.imported(base.value.name, name, 0, base.value)
        if base.kind in ("class", "model"):
            bound = base.class_.own.names.get(name)
            if bound and bound[-1].kind == "class":
                return class_thing(bound[-1].value)
            return Thing("member", base.name + "." + name, (base, name))
        if base.kind in ("external", "builtin"):
            return Thing("external", base.name + "." + name, loose=base.loose)
        return Thing("missing", base.name + "." + name)

    def role(self, thing):
        """The name that Ommi knows it by, or None."""
        if thing.role is UNKNOWN:
            thing.role = self.find_role(thing)
        return thing.role

    def find_role(self, thing):
        last = thing.name.rpartition(".")[2]
        if thing.name.startswith("ommi."):
            return last
        if last in OMMI_NAMES and (thing.kind == "external" and thing.loose or
                                   thing.kind == "missing" and thing.where in ("missing", "not-given")):
            return last
        return None


def class_thing(found):
    if found.model:
        return Thing("model", found.dotted, found.model)
    return Thing("class", found.dotted, found)


def star_names(module):
    if module == "ommi" or module.startswith("ommi."):
        return [name for name, places in PLACES.items() if module in places]
    return STARS.get("typing" if module == "typing_extensions" else module, ())


def dotted_text(node):
    """`a.b.c` of a dotted name, or None."""
    parts = []
    while type(node) is ast.Attribute:
        parts.append(node.attr)
        node = node.value
    if type(node) is not ast.Name:
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


# ---- models ----------------------------------------------------------------------------------------------------------

class Model:
    """A class that ommi_model was applied to, and how."""

    def __init__(self, found, form, order, node, call, view):
        self.class_, self.form, self.order, self.node, self.call, self.view = found, form, order, node, call, view
        self.bound_as = None
        self.binding = None
        self.fields = None  # name -> field record
        self.lazy = {}      # name -> (kind, model or None)

    @property
    def module(self):
        return self.view.scope.module


def as_decorator(program, node, view):
    """(form, the call or None) if the expression is ommi_model in some form, else None."""
    call = node if type(node) is ast.Call else None
    thing = program.of_expression(call.func if call else node, view)
    if program.role(thing) == "ommi_model":
        return ("called", call) if call else ("bare", None)
    if call is None and thing.kind == "alias" and type(thing.value) is ast.Call:
        value = thing.value
        if program.role(program.of_expression(value.func, thing.view)) == "ommi_model" and not value.args:
            return "called", value
        if program.of_expression(value.func, thing.view).name == "functools.partial" and value.args and \
                program.role(program.of_expression(value.args[0], thing.view)) == "ommi_model":
            return "called", value
    return None


def find_decorated(program):
    for module in program.modules:
        for found in module.classes:
            for index, node in enumerate(found.node.decorator_list):
                view = View(found.scope, module, False, found.node.lineno)
                form = as_decorator(program, node, view)
                if form:
                    order = "inner" if index else "outermost"
                    found.model = Model(found, form[0], order, node, form[1], view)
                    break


def model_made_by(program, call, view, binding):
    """The model of `X = ommi_model(Y)` or `X = ommi_model(collection=c)(Y)`, or None."""
    if len(call.args) != 1:
        return None
    form = as_decorator(program, call.func, view)
    if not form:
        return None
    thing = program.of_expression(call.args[0], view)
    if not thing.class_:
        return None
    model = Model(thing.class_, "function", "outermost", call, form[1] or call, view)
    model.bound_as, model.binding = binding.name, binding
    return model


def find_function_models(program):
    models = []
    for module in program.modules:
        if "ommi_model" not in module.text and not any(name for name in module.stars):
            continue
        for scope in [module.scope, *module.scopes.values()]:
            for bindings in (scope.names or {}).values():
                for binding in bindings:
                    if binding.kind == "assign" and type(binding.value) is ast.Call:
                        thing = program.of_binding(binding)
                        if thing.kind == "model" and thing.value.binding is binding:
                            models.append(thing.value)
    return models


def argument_named(call, name):
    for item in call.keywords if call is not None else ():
        if item.arg == name:
            return item.value
    return None


def is_true(node):
    return type(node) is ast.Constant and node.value is True


def is_false(node):
    return type(node) is ast.Constant and node.value is False


def is_none(node):
    return type(node) is ast.Constant and node.value is None


class ModelReader:
    """Makes the record of one model."""

    def __init__(self, program, annotations):
        self.program, self.annotations = program, annotations
        self.known_ancestors = {}

    def read(self, model):
        found, module = model.class_, model.class_.module
        node = found.node
        decorators = [self.decorator(item, found) for item in node.decorator_list]
        record = {
            "name": found.name, "bound_as": model.bound_as, "qualname": found.qualname, "module": module.name,
            "file": module.path, **module.located(node),
            "source": module.lines[node.lineno - 1],
            "table": self.table(found), "decorator": self.decoration(model), "decorators": decorators,
            "local_to_function": found.local, "type_checking_only": found.guarded,
            "defines_init": "__init__" in found.own.names,
        }
        record.update(self.shape(found, decorators))
        record["bases"] = self.bases(found, model)
        record["fields"] = list(model.fields.values())
        return clean(record)

    def decorator(self, node, found):
        view = View(found.scope, found.module, False, found.node.lineno)
        thing = self.program.of_expression(node.func if type(node) is ast.Call else node, view)
        role = self.program.role(thing)
        return {"text": found.module.segment(node), "resolved": "ommi." + role if role else thing.name,
                "place": found.module.place(node)}

    def decoration(self, model):
        source = model.view.source
        record = {"form": model.form, "order": model.order, "place": source.place(model.node)}
        if model.form == "function":
            record["file"] = source.path
        if model.call is not None:
            collection = argument_named(model.call, "collection")
            if collection is not None:
                record["collection"] = clean({
                    "text": source.segment(collection),
                    "resolved": self.program.of_expression(collection, model.view).name,
                    "place": source.place(collection)})
            if model.form == "called" and model.call.args:
                record["positional"] = source.segment(model.call.args[0])
        return record

    def table(self, found):
        for owner in [found, *self.given_ancestors(found)]:
            bound = owner.own.names.get("__ommi_model_name__")
            if bound:
                return self.declared_table(found, owner, bound[-1])
        return {"name": found.name, "origin": "class-name"}

    def declared_table(self, found, owner, binding):
        value, module = binding.value, owner.module
        thing = None
        if isinstance(value, NAMES):
            thing = self.program.of_expression(value, View(owner.own, module, False, binding.line))
            value = thing.value if thing.kind == "alias" else value
        name = value.value if type(value) is ast.Constant and type(value.value) is str else None
        return clean({"name": name, "origin": "own" if owner is found else "inherited",
                      "from": None if owner is found else owner.dotted, "file": module.path,
                      "text": None if name else module.segment(binding.value),
                      "annotated": type(binding.node) is ast.AnnAssign, "place": module.place(binding.node)})

    def ancestors(self, found):
        """[(base expression, what it means)] of a class, in order."""
        if found.bases is None:
            found.bases = []
            view = View(found.scope, found.module, False, found.node.lineno)
            for base in found.node.bases:
                plain = base.value if type(base) is ast.Subscript else base
                found.bases.append((base, self.program.of_expression(plain, view)))
        return found.bases

    def given_ancestors(self, found):
        """The classes that it inherits from, as far as they were read, nearest first, each once."""
        known = self.known_ancestors.get(found)
        if known is None:
            seen, queue = {}, [thing.class_ for _, thing in self.ancestors(found)][::-1]
            while queue:
                base = queue.pop()
                if base is not None and base is not found and base not in seen:
                    seen[base] = True
                    queue += [thing.class_ for _, thing in self.ancestors(base)][::-1]
            known = self.known_ancestors[found] = list(seen)
        return known

    def base_names(self, found):
        """Dotted names of everything that it inherits from."""
        names = [thing.name for _, thing in self.ancestors(found)]
        for base in self.given_ancestors(found):
            names += [thing.name for _, thing in self.ancestors(base)]
        return names

    def shape(self, found, decorators):
        """library, frozen, slots: which library makes the class's __init__."""
        library, arguments = self.library(found, decorators)
        frozen = is_true(argument_named(arguments, "frozen"))
        frozen = frozen or any(item["resolved"] in FROZEN_DECORATORS for item in decorators)
        if library == "pydantic":
            frozen = frozen or any(self.pydantic_frozen(owner) for owner in [found, *self.given_ancestors(found)])
        record = {"library": library, "frozen": frozen, "slots": is_true(argument_named(arguments, "slots")),
                  "keyword_only": is_true(argument_named(arguments, "kw_only")),
                  "init_disabled": is_false(argument_named(arguments, "init"))}
        if library == "plain":
            record["library_of_base"] = self.inherited_library(found)
        return record

    def library(self, found, decorators):
        for node, record in zip(found.node.decorator_list, decorators):
            if record["resolved"] in LIBRARIES:
                return LIBRARIES[record["resolved"]], node if type(node) is ast.Call else None
        names = self.base_names(found)
        if any(name in PYDANTIC_BASES for name in names):
            return "pydantic", None
        for call in self.wrapping_calls(found):
            return LIBRARIES[call[0]], call[1]
        own = [record for record in decorators if record["resolved"] != "ommi.ommi_model"]
        given = {base.dotted for base in self.given_ancestors(found)} | NEUTRAL_BASES
        foreign = [name for name in names if name not in given]
        return ("unknown" if own or foreign else "plain"), None

    def wrapping_calls(self, found):
        """`dataclass(Y)` inside `ommi_model(dataclass(Y))` is not followed; `Y = dataclass(Y)` is."""
        for binding in found.scope.names.get(found.name, ()):
            if binding.kind == "assign" and type(binding.value) is ast.Call and len(binding.value.args) == 1 and \
                    dotted_text(binding.value.args[0]) == found.name:
                view = View(found.scope, found.module)
                name = self.program.of_expression(binding.value.func, view).name
                if name in LIBRARIES:
                    yield name, binding.value

    def inherited_library(self, found):
        for base in self.given_ancestors(found):
            library, _ = self.library(base, [self.decorator(node, base) for node in base.node.decorator_list])
            if library not in ("plain", "unknown"):
                return library
        return None

    def pydantic_frozen(self, owner):
        if any(item.arg == "frozen" and is_true(item.value) for item in owner.node.keywords):
            return True
        for binding in owner.own.names.get("model_config", ()):
            value = binding.value
            if type(value) is ast.Call and is_true(argument_named(value, "frozen")):
                return True
            if type(value) is ast.Dict and any(
                    type(key) is ast.Constant and key.value == "frozen" and is_true(item)
                    for key, item in zip(value.keys, value.values)):
                return True
        config = owner.own.names.get("Config")
        if config and config[-1].kind == "class":
            return any(is_true(binding.value) for binding in config[-1].value.own.names.get("frozen", ()))
        return False

    # Bases: what they are, and the annotated names that Ommi does not see.

    def bases(self, found, model):
        own = set(model.fields)
        records = []
        for node, thing in self.ancestors(found):
            base = thing.class_
            record = {"text": found.module.segment(node), "name": dotted_text(node), "resolved": thing.name,
                      "where": thing.where, "is_model": thing.kind == "model", "is_given": base is not None,
                      "place": found.module.place(node)}
            if base is not None:
                record["definition"] = "%s:%d" % (base.module.path, base.node.lineno)
                record["fields_dropped"] = self.dropped(found, base, own)
            records.append(clean(record))
        return records

    def dropped(self, found, base, own):
        records = []
        for owner in [base, *self.given_ancestors(base)]:
            if owner is found:
                continue
            for name, field in self.annotations.fields_of(owner).items():
                if name not in own:
                    own.add(name)
                    records.append(clean({
                        "name": name, "class": owner.dotted, "is_model": owner.model is not None,
                        "file": owner.module.path, "line": field["line"], "column": field["place"][1],
                        "annotation": field["annotation"], "lazy": bool(field.get("lazy")),
                        "reference": bool(field.get("reference")), "class_var": field.get("class_var"),
                        "key": any(item["kind"] == "Key" for item in field.get("metadata", ()))}))
        return records


# ---- annotations -----------------------------------------------------------------------------------------------------

class Annotation:
    """What one annotation says, wrappers taken off."""

    def __init__(self):
        self.quoted = self.double_quoted = self.class_var = self.init_var = False
        self.optional = self.wrapper = self.alias = None
        self.nested = False   # the type is a part of the annotation
        self.core = None      # (expression, view) of the type itself
        self.lazy = None      # (kind, expression, view, slice or None, thing)
        self.metadata = []    # (expression, view, why it is lost or None)


WRAPPER_REASONS = {"optional": "inside-optional", "union-none": "union-none", "other": "inside-other",
                   "class-var": None, "annotated-wrapped": None}


def subscript_items(node):
    inner = node.slice
    if INDEX is not None and type(inner) is INDEX:
        inner = inner.value
    return list(inner.elts) if type(inner) is ast.Tuple else [inner]


def union_members(node):
    """The members of `a | b | c`, without recursion."""
    members = []
    while type(node) is ast.BinOp and type(node.op) is ast.BitOr:
        members.append(node.right)
        node = node.left
    members.append(node)
    return members[::-1]


class AnnotationReader:
    """Makes the records of fields."""

    def __init__(self, program):
        self.program = program
        self.fields = {}
        self.plain_types = {}
        self.class_names = {}  # module -> names that may be meant by a misspelt one
        self.last_target = None
        self.targets = {}  # (class, field name) -> the model that a lazy field loads

    # Taking an annotation apart.

    def take_apart(self, node, view, future):
        found = Annotation()
        if future:
            view = view.as_string(view.source)
        if type(node) is ast.Constant and type(node.value) is str:
            found.double_quoted = future
            found.quoted = found.nested = True
            self.quoted(node, view, found, "double-quoted" if future else None, 0)
        else:
            found.nested = type(node) is not ast.Name
            self.descend(node, view, found, None, 0)
        return found

    def quoted(self, node, view, found, lost, depth):
        source = Quoted(view.source, node)
        tree = parsed_expression(source.text)
        if tree is None:
            found.core = found.core or (node, view)
            return
        self.descend(tree, view.as_string(source), found, lost, depth + 1)

    def descend(self, node, view, found, lost, depth):
        kind = type(node)
        if depth > MAX_ALIASES:
            found.core = found.core or (node, view)
        elif isinstance(node, NAMES):
            self.named(node, view, found, lost, depth)
        elif kind is ast.Subscript:
            self.subscript(node, view, found, lost, depth)
        elif kind is ast.BinOp and type(node.op) is ast.BitOr:
            self.union(node, union_members(node), view, found, "pipe", depth)
        elif kind is ast.Constant and type(node.value) is str:
            self.quoted(node, view, found, lost or "inner-quotes", depth)
        else:
            found.core = found.core or (node, view)

    def named(self, node, view, found, lost, depth):
        thing = self.program.of_expression(node, view)
        if thing.kind == "alias" and thing.value is not None and is_annotation(thing.value):
            found.alias = found.alias or thing.name
            self.descend(thing.value, thing.view, found, "type-statement" if thing.is_type_statement else lost,
                         depth + 1)
            if thing.is_type_statement:
                found.wrapper = found.wrapper or "type-statement"
                found.core = (node, view)
            return
        role = self.program.role(thing)
        if role in LAZY_KINDS and found.lazy is None:
            found.lazy = (LAZY_KINDS[role], node, view, None, thing)
        if thing.name == "dataclasses.InitVar":
            found.init_var = True
        elif thing.name == "typing.ClassVar":
            found.class_var = True
        found.core = found.core or (node, view)

    def subscript(self, node, view, found, lost, depth):
        thing = self.program.of_expression(node.value, view)
        role = self.program.role(thing)
        if role in LAZY_KINDS:
            if found.lazy is None:
                found.lazy = (LAZY_KINDS[role], node, view, node.slice, thing)
            found.core = found.core or (node, view)
            return
        items = subscript_items(node)
        name = thing.name
        if name == "typing.Annotated":
            self.descend(items[0], view, found, lost, depth + 1)
            if found.lazy is not None and found.wrapper is None:
                found.wrapper = "annotated-wrapped"
            found.metadata += [(item, view, lost) for item in items[1:]]
        elif name == "typing.Optional":
            found.optional = found.optional or "Optional"
            found.wrapper = found.wrapper or "optional"
            self.descend(items[0], view, found, "inside-optional", depth + 1)
        elif name == "typing.Union":
            self.union(node, items, view, found, "Union", depth)
        elif name in ("typing.ClassVar", "dataclasses.InitVar", "typing.Final"):
            found.class_var = found.class_var or name == "typing.ClassVar"
            found.init_var = found.init_var or name == "dataclasses.InitVar"
            found.wrapper = found.wrapper or "other"
            self.descend(items[0], view, found, "inside-other", depth + 1)
        else:
            self.inside_other(node, items, view, found, depth)

    def union(self, node, members, view, found, form, depth):
        others = [member for member in members if not is_none(member)]
        if len(others) < len(members):
            found.optional = found.optional or form
        found.wrapper = found.wrapper or "union-none"
        if len(others) == 1:
            self.descend(others[0], view, found, "union-none", depth + 1)
            return
        self.inside_other(node, others, view, found, depth)

    def inside_other(self, node, items, view, found, depth):
        """`list[...]`, `dict[...]`: nothing in there is seen, but what it is is noted."""
        found.core = found.core or (node, view)
        found.wrapper = found.wrapper or "other"
        for item in items:
            if type(item) is ast.Subscript or isinstance(item, NAMES) or \
                    type(item) is ast.Constant and type(item.value) is str:
                self.descend(item, view, found, "inside-other", depth + 1)

    # Lazy fields.

    def lazy(self, found):
        kind, node, view, inner, thing = found.lazy
        record = {"kind": kind, "place": view.source.place(node), "text": view.source.segment(node)}
        target = self.target(inner, view) if inner is not None else None
        where = thing.where
        if thing.kind == "missing" or where in ("type-checking", "missing", "elsewhere") or \
                where in ("function", "class") and view.string:
            form = "not-imported"
        elif inner is None:
            form = "bare"
        elif found.double_quoted:
            form = "double-quoted"
        elif found.wrapper:
            form = found.wrapper
        elif target.get("quoted"):
            form = "quoted-inner"
        else:
            form = "quoted-whole" if view.string else "right"
        record["form"] = form
        if form in ("right", "quoted-whole", "quoted-inner"):
            record["seen_by_ommi"] = True
        for key, value in (("import_where", where if form == "not-imported" else None), ("wrapper", found.wrapper),
                           ("alias", found.alias), ("target", target)):
            if value:
                record[key] = value
        return record

    def target(self, inner, view):
        if INDEX is not None and type(inner) is INDEX:
            inner = inner.value
        record = {}
        node, view = self.target_text(inner, view, record)
        association = None
        if type(node) is ast.Name or type(node) is ast.Attribute:
            thing = self.program.of_expression(node, view)
            if thing.kind == "alias" and is_annotation(thing.value):
                record["alias"] = thing.name
                node, view = self.target_text(thing.value, thing.view, record)
        if type(node) is ast.Subscript and \
                self.program.of_expression(node.value, view).name == "typing.Annotated":
            items = subscript_items(node)
            association = self.association(items[1:], view)
            node, view = self.target_text(items[0], view, record)
        node, view = self.target_wrapper(node, view, record)
        record.update(self.name_record(node, view))
        self.last_target = self.program.of_expression(node, view).model
        if association:
            record["association"] = association
        return record

    def target_text(self, node, view, record):
        """The expression inside quotes, if there are any."""
        if type(node) is ast.Constant and type(node.value) is str:
            record["quoted"] = True
            source = Quoted(view.source, node)
            tree = parsed_expression(source.text)
            if tree is not None:
                return tree, view.as_string(source)
        return node, view

    def target_wrapper(self, node, view, record):
        if type(node) is ast.Subscript:
            name = self.program.of_expression(node.value, view).name
            record["wrapped"] = {"typing.Optional": "optional", "typing.Union": "union", "typing.List": "list",
                                 "builtins.list": "list"}.get(name, "other")
            items = [item for item in subscript_items(node) if not is_none(item)]
            return self.target_text(items[0] if items else node, view, record)
        if type(node) is ast.BinOp:
            record["wrapped"] = "union"
            members = [member for member in union_members(node) if not is_none(member)]
            return self.target_text(members[0] if members else node, view, record)
        return node, view

    def association(self, metadata, view):
        """Where AssociateUsing stands in the metadata of a lazy field's target, and what it is given."""
        for position, item in enumerate(metadata):
            if isinstance(item, NAMES):
                thing = self.program.of_expression(item, view)
                if thing.kind == "alias":
                    item, view = thing.value, thing.view
            if type(item) is not ast.Call or \
                    self.program.role(self.program.of_expression(item.func, view)) != "AssociateUsing":
                continue
            argument = item.args[0] if item.args else item.keywords[0].value if item.keywords else None
            record = {"position": position, "first_metadata": position == 0, "call": view.source.segment(item),
                      "call_place": view.source.place(item)}
            if argument is not None:
                inside = {}
                node, inner_view = self.target_text(argument, view, inside)
                record.update(self.name_record(node, inner_view))
                record["is_string"] = bool(inside)
            record["position"] = position
            return {key: value for key, value in record.items() if value is not None and value != ""}
        return None

    def name_record(self, node, view):
        """Facts about a name that should be a model's."""
        thing = self.program.of_expression(node, view)
        record = {"text": view.source.segment(node), "place": view.source.place(node)}
        record.update(self.meaning(thing, view))
        if thing.kind == "missing":
            if not isinstance(node, NAMES):
                record["where"] = "expression"
                record.pop("closest", None)
            elif record["where"] == "elsewhere":
                record["candidates"] = [found.dotted for found in
                                        self.program.classes.get(thing.name, ())[:MAX_CANDIDATES]]
        return record

    def meaning(self, thing, view):
        record = {"resolved": thing.name, "where": thing.where}
        if thing.kind == "external":
            record["where"] = "not-given" if thing.where in ("module", "later") else thing.where
        found = thing.class_
        if found is not None:
            record["is_class"] = True
            if thing.kind == "model":
                record["is_model"] = True
            record["definition"] = "%s:%d" % (found.module.path, found.node.lineno)
            if found.local:
                record["local_to_function"] = True
        if is_reached(thing, view):
            record["reached"] = True
        if thing.kind == "missing":
            record.pop("resolved")
            near = self.closest_model(thing.name, view.scope.module)
            if near:
                record["closest"] = near
        return record

    def closest_model(self, name, module):
        if module not in self.class_names:
            names = {found.name for found in module.classes}
            names.update(bound for bound in module.scope.names if bound in self.program.classes)
            self.class_names[module] = sorted(names)
        return closest(name.partition(".")[0], self.class_names[module])

    # Types.

    def type(self, found):
        node, view = found.core if found.core else (None, None)
        if node is None:
            return None
        resolved, plain, string = self.render(node, view, 0)
        exact = "other"
        if found.double_quoted or string and plain in EXACT:
            exact = "stringified"
        elif found.optional is None and found.wrapper is None:
            exact = EXACT.get(resolved, "other")
        record = {"text": view.source.segment(node), "resolved": resolved, "exact": exact, "optional": found.optional,
                  "alias": found.alias}
        if found.nested:
            record["place"] = view.source.place(node)
        if found.optional:
            record["inner"] = resolved
            record["resolved"] = "typing.Optional[%s]" % resolved
        record["is_class"], record["int_subclass"] = self.classness(found, node, view, exact, resolved)
        return {key: value for key, value in record.items() if value or value is False and key == "is_class"}

    def render(self, node, view, depth):
        """(the type with resolved names, the name of a plain type, whether it is a built-in named in a string)"""
        if depth > 12:
            return "...", None, False
        if isinstance(node, NAMES):
            thing = self.program.of_expression(node, view)
            if thing.kind == "alias" and not thing.is_type_statement and isinstance(thing.value, NAMES + (
                    ast.Subscript, ast.BinOp)):
                return self.render(thing.value, thing.view, depth + 1)
            name = thing.name or view.source.segment(node)
            return name, name, view.string and thing.where == "builtins"
        if type(node) is ast.Subscript:
            items = [self.render(item, view, depth + 1)[0] for item in subscript_items(node)]
            return "%s[%s]" % (self.render(node.value, view, depth + 1)[0], ", ".join(items)), None, False
        if type(node) is ast.BinOp:
            return " | ".join(self.render(item, view, depth + 1)[0] for item in union_members(node)), None, False
        if is_none(node):
            return "None", None, False
        if type(node) in (ast.Tuple, ast.List):
            return "[%s]" % ", ".join(self.render(item, view, depth + 1)[0] for item in node.elts), None, False
        return view.source.segment(node), None, False

    def classness(self, found, node, view, exact, resolved):
        """(whether issubclass() accepts it: None if unknown, whether it is an int) for the rule of the default key."""
        if exact == "stringified" and not found.optional and not found.wrapper:
            return True, False
        if found.optional or found.wrapper not in (None, "annotated-wrapped") or not isinstance(node, NAMES):
            return False, False
        if exact != "other":
            return True, exact in ("int", "bool")
        thing = self.program.of_expression(node, view)
        if thing.kind in ("class", "model"):
            return True, self.is_int(thing.class_, set())
        if thing.kind in ("alias", "member") or thing.name == "typing.NewType":
            return False, False
        if CLASS_NAMES.match(resolved) or thing.kind == "builtin":
            return True, resolved in INT_CLASSES
        if resolved.startswith("typing."):
            return False, False
        return None, False

    def is_int(self, found, seen):
        if found in seen:
            return False
        seen.add(found)
        view = View(found.scope, found.module, False, found.node.lineno)
        for base in found.node.bases:
            thing = self.program.of_expression(base, view)
            if thing.name in INT_CLASSES or thing.class_ is not None and self.is_int(thing.class_, seen):
                return True
        return False

    # ---- metadata and references ------------------------------------------------------------------------------------

    def metadata(self, found, module):
        records, seen, references = [], set(), []
        for node, view, lost in found.metadata:
            for item, item_view in self.metadata_items(node, view, 0):
                record, kind = self.metadata_record(item, item_view)
                if kind != "unknown":
                    lost_now = "called" if record.pop("is_called", False) else lost
                    if lost_now is None and kind in seen and kind in ("StoreAs", "FieldType", "ReferenceTo"):
                        lost_now = "second"
                    if lost_now is None:
                        seen.add(kind)
                    record["effective"] = lost_now is None
                    record["why_lost"] = lost_now
                    if kind == "ReferenceTo":
                        references.append((self.reference(item, item_view), lost_now))
                        if lost_now:
                            record["reference"] = references[-1][0]
                if item_view.scope.module is not module:
                    record["file"] = item_view.scope.module.path
                records.append({key: value for key, value in record.items() if value is not None and value != ""})
        return records, references

    def metadata_items(self, node, view, depth):
        """The single items of `a | b | ALIAS`."""
        for member in union_members(node):
            if isinstance(member, NAMES) and depth < MAX_ALIASES:
                thing = self.program.of_expression(member, view)
                if thing.kind == "alias" and thing.value is not None and \
                        isinstance(thing.value, (ast.Call, ast.BinOp)):
                    yield from self.metadata_items(thing.value, thing.view, depth + 1)
                    continue
            yield member, view

    def metadata_record(self, node, view):
        call = node if type(node) is ast.Call else None
        thing = self.program.of_expression(call.func if call else node, view)
        role = self.program.role(thing)
        kind = role if role in METADATA_KINDS else "unknown"
        record = {"kind": kind, "text": view.source.segment(node), "place": view.source.place(node)}
        if kind in ("Key", "Auto"):
            record["is_called"] = call is not None
        elif kind == "unknown":
            record["resolved"] = thing.name
        argument = first_argument(call)
        if argument is not None and kind not in ("unknown", "ReferenceTo"):
            record["argument"] = view.source.segment(argument)
            record["argument_place"] = view.source.place(argument)
        if kind == "StoreAs":
            record["value"] = self.text_value(argument, view)
        elif kind == "FieldType" and argument is not None:
            record["type"] = self.type(self.take_apart(argument, view, False))
        return record, kind

    def text_value(self, node, view):
        if isinstance(node, NAMES):
            thing = self.program.of_expression(node, view)
            node = thing.value if thing.kind == "alias" else node
        return node.value if type(node) is ast.Constant and type(node.value) is str else None

    def reference(self, call, view):
        argument = first_argument(call) if type(call) is ast.Call else None
        if argument is None:
            return {"form": "none" if type(call) is ast.Call else "not-called", "text": view.source.segment(call),
                    "resolvable": False, "why": "no-argument", "place": view.source.place(call)}
        record = {"text": view.source.segment(argument), "place": view.source.place(argument)}
        if isinstance(argument, NAMES):
            thing = self.program.of_expression(argument, view)
            if thing.kind == "alias" and isinstance(thing.value, ast.Constant):
                argument = thing.value
        if type(argument) is ast.Constant and type(argument.value) is str:
            self.string_reference(argument, view, record)
        elif isinstance(argument, NAMES):
            self.name_reference(argument, view, record)
        else:
            record["form"] = "lambda" if type(argument) is ast.Lambda else "none" if is_none(argument) else "other"
            record["resolvable"], record["why"] = False, "not-a-field"
        return {key: value for key, value in record.items() if value is not None}

    def name_reference(self, node, view, record):
        thing = self.program.of_expression(node, view)
        if thing.kind == "member":
            base, field = thing.value
            record["form"], record["field"] = "field", field
            self.judge(base.seen(thing.where), field, view, record)
        elif thing.kind in ("class", "model"):
            record["form"] = "class"
            self.judge(thing, None, view, record)
        elif type(node) is ast.Attribute:
            base = self.program.of_expression(node.value, view)
            record["form"], record["field"] = "field", node.attr
            self.judge(base, node.attr, view, record)
        else:
            record["form"] = "class" if thing.kind == "missing" or node.id[:1].isupper() else "other"
            self.judge(thing, None, view, record)

    def string_reference(self, constant, view, record):
        source = Quoted(view.source, constant)
        inside = view.as_string(source)
        node = parsed_expression(source.text)
        record["value"] = constant.value
        if not isinstance(node, NAMES):
            record["form"] = "string-field" if node is not None else "string-class"
            record["resolvable"], record["why"] = False, "not-a-name"
            return
        thing = self.program.of_expression(node, inside)
        if type(node) is ast.Name or thing.kind in ("class", "model"):
            record["form"] = "string-class"
            self.judge(thing, None, inside, record)
            return
        base = self.program.of_expression(node.value, inside)
        record["form"], record["field"] = "string-field", node.attr
        self.judge(base, node.attr, inside, record)

    def judge(self, thing, field, view, record):
        """Whether the reference is found when Ommi looks for it, and if not why."""
        text = record["text"] if field is None else record.get("value", record["text"]).rpartition(".")[0]
        record["model"] = {"text": text, **self.meaning(thing, view)}
        why = None
        reached = is_reached(thing, view)
        if not reached:
            why = {"type-checking": "type-checking", "function": "function-local", "class": "class-local",
                   "elsewhere": "other-module", "later": "later", "not-given": None}.get(thing.where, "name-missing")
            if thing.where == "module":
                why = "name-missing"
        elif thing.kind in ("external", "alias"):
            record["resolvable"] = None if field is not None else False
            record["why"] = "not-given" if field is not None else "not-a-field"
            return
        elif field is None:
            why = "class-instead-of-field"
        elif thing.kind != "model":
            why = "not-a-model"
        else:
            why, record["closest"] = self.missing_field(thing.model, field)
        if why is None and not reached:
            record["why"] = "not-given"
            return
        record["resolvable"] = why is None
        record["why"] = why
        if why in ("name-missing", "other-module"):
            record["closest"] = self.closest_model(thing.name.rpartition(".")[2], view.scope.module)

    def missing_field(self, model, field):
        """(why the model has no such column or None, the closest name)"""
        for owner in self.lineage(model.class_):
            record = self.fields_of(owner).get(field)
            if record is not None:
                if record.get("lazy", {}).get("seen_by_ommi"):
                    return "lazy-field", None
                inherited = owner is not model.class_ and owner.model is None
                return "inherited-field" if inherited else None, None
        return "no-such-field", closest(field, self.fields_of(model.class_))

    def base_things(self, found):
        view = View(found.scope, found.module, False, found.node.lineno)
        return [self.program.of_expression(base.value if type(base) is ast.Subscript else base, view)
                for base in found.node.bases]

    def lineage(self, found):
        """The class and the classes that it inherits from, as far as they were read, nearest first."""
        order, queue = {}, [found]
        while queue:
            owner = queue.pop()
            if owner is not None and owner not in order:
                order[owner] = True
                yield owner
                if owner.node.bases:
                    queue += [thing.class_ for thing in self.base_things(owner)][::-1]

    # ---- fields ------------------------------------------------------------------------------------------------------

    def fields_of(self, found):
        """name -> record of the annotated names in the class's own body, in the order of __annotations__."""
        known = self.fields.get(found)
        if known is None:
            known = self.fields[found] = {}
            # Entered by name first, because fields may refer to fields of this same class.
            view = View(found.own, found.module, False, None if found.local else found.node.lineno)
            nodes = {}
            for node, conditional in annotated_names(found.node.body, False):
                nodes[node.target.id] = (node, conditional)
            for name in nodes:
                known[name] = {}
            for name, (node, conditional) in nodes.items():
                known[name].update(self.field(node, conditional, found, view))
        return known

    def field(self, node, conditional, found, view):
        module = found.module
        name, text = node.target.id, module.segment(node.annotation)
        record = {"name": name, "line": node.lineno, "place": module.place(node), "source": module.statement(node),
                  "annotation": text, "annotation_place": module.place(node.annotation)}
        plain = self.plain_type(node.annotation, view) if type(node.annotation) is ast.Name else None
        if plain is not None:
            record["type"] = plain
        else:
            self.annotated(node.annotation, text, view, (found, name), record)
        if node.value is not None:
            self.default(node.value, found, record)
        if name.startswith("_"):
            record["private"] = True
        if conditional:
            record["conditional"] = True
        return record

    def annotated(self, node, text, view, key, record):
        """Adds the facts of an annotation; the same text means the same wherever its names do."""
        module = view.scope.module
        known = module.annotations.get(text)
        if known is None:
            outer = self.program.shaky, self.last_target  # a reference reads the fields of its model meanwhile
            self.program.shaky, self.last_target, view.known = False, None, {}
            facts = self.plain_lazy(text, view) or self.facts(node, Written(module, node, text), view)
            known = facts, self.last_target
            if not self.program.shaky:
                module.annotations[text] = known
            self.program.shaky, self.last_target = outer[0] or self.program.shaky, outer[1]
        record.update(known[0])
        self.targets[key] = known[1]

    def plain_lazy(self, text, view):
        """The facts of `"LazyLoad...[Model]"` where both names mean that: the commonest form, without a syntax tree."""
        match = PLAIN_LAZY.match(text)
        if match is None or view.scope.module.future:
            return None
        view = view.as_string(view.source)
        outer, target = (self.program.of_name(match.group(index), view) for index in (2, 3))
        kind = LAZY_KINDS.get(self.program.role(outer))
        if kind is None or target.kind != "model" or outer.where != "module":
            return None
        self.last_target = target.model
        named = {"text": match.group(3), "place": list(match.span(3)), **self.meaning(target, view)}
        lazy = {"kind": kind, "place": [match.start(2), match.end(3) + 1], "text": text[1:-1], "form": "quoted-whole",
                "seen_by_ommi": True, "target": named}
        return {"quoted": True, "stringified": True, "lazy": lazy}

    def facts(self, node, written, view):
        module = view.scope.module
        source, view.source = view.source, written
        annotation = self.take_apart(node, view, module.future)
        record = {"quoted": annotation.quoted, "stringified": annotation.quoted or module.future,
                  "class_var": annotation.class_var, "init_var": annotation.init_var}
        record = {key: value for key, value in record.items() if value}
        if annotation.lazy is not None:
            record["lazy"] = self.lazy(annotation)
        if "seen_by_ommi" not in record.get("lazy", ()):
            record["type"] = self.type(annotation)
        metadata, references = self.metadata(annotation, module)
        if metadata:
            record["metadata"] = metadata
            self.effects(record, metadata, references)
        view.source = source
        return record

    def plain_type(self, node, view):
        """The record of a type that is one name, the same for all fields; None if there is more to it."""
        if view.scope.module.future:
            return None
        thing = self.program.of_expression(node, view)
        if thing not in self.plain_types:
            simple = thing.kind in ("builtin", "class") or thing.kind == "external" and \
                thing.name.partition(".")[0] in PLAIN_MODULES
            found = Annotation()
            found.core = (node, view)
            self.plain_types[thing] = self.type(found) if simple else None
        return self.plain_types[thing]

    def effects(self, record, metadata, references):
        """What the metadata amounts to: key, auto, store_as, field_type, reference."""
        for item in metadata:
            if not item.get("effective"):
                continue
            kind = item["kind"]
            if kind == "Key":
                record["key"] = True
            elif kind == "Auto":
                record["auto"] = True
            elif kind == "StoreAs":
                record["store_as"] = item.get("value") or item.get("argument", "")
            elif kind == "FieldType":
                record["field_type"] = item.get("type", {})
        for reference, lost in references:
            if lost is None:
                record["reference"] = reference

    def default(self, value, found, record):
        module = found.module
        record["default"] = module.segment(value)
        record["default_place"] = module.place(value)
        kind = "none" if is_none(value) else "literal" if type(value) is ast.Constant else "expression"
        if type(value) is ast.Call:
            thing = self.program.of_expression(value.func, View(found.own, module, False, value.lineno))
            if thing.name in FIELD_CALLS:
                kind = self.field_call(value, thing.name, record)
        record["default_kind"] = kind

    def field_call(self, call, name, record):
        if is_false(argument_named(call, "init")):
            record["init"] = False
        if is_true(argument_named(call, "kw_only")):
            record["kw_only"] = True
        if argument_named(call, "default_factory") is not None or argument_named(call, "factory") is not None:
            return "factory"
        default = argument_named(call, "default")
        if default is None and call.args and name.startswith("pydantic"):
            default = call.args[0]
        if default is None or type(default) is ast.Constant and default.value is Ellipsis:
            return "field-without-default"
        return "none" if is_none(default) else "field"


def is_annotation(node):
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)) or \
        type(node) is ast.Constant and type(node.value) is str


def is_reached(thing, view):
    """Whether the name has this meaning when it is evaluated."""
    if view.string:
        return thing.where == "module" and thing.kind != "missing"
    return thing.where in ("module", "function", "class", "builtins") and thing.kind != "missing"


def first_argument(call):
    if call is None:
        return None
    if call.args:
        return call.args[0]
    return call.keywords[0].value if call.keywords else None


def annotated_names(body, conditional):
    """The annotated names of a class body, those under `if` and the like too."""
    for node in body:
        kind = type(node)
        if kind is ast.AnnAssign:
            if type(node.target) is ast.Name and node.simple:
                yield node, conditional
        elif kind is ast.If:
            only_checked, never_checked = type_checking_test(node.test)
            if not only_checked:
                yield from annotated_names(node.body, True)
            if not never_checked:
                yield from annotated_names(node.orelse, True)
        elif kind is ast.Try:
            for part in (node.body, node.orelse, node.finalbody):
                yield from annotated_names(part, True)
        elif kind is ast.With:
            yield from annotated_names(node.body, True)


# ---- the use of Ommi -------------------------------------------------------------------------------------------------

WORD = re.compile(r"[^\W\d]\w*")
USE_WORDS = ("Ommi", "refresh", "refresh_if_needed", "use_models", "remove_models", "connect", "transaction",
             "use_driver", "active_driver", "schema", "fetch", "find", "save", "reload", "delete", "count",
             *sorted(OLD_NAMES), *sorted(OLD_METHODS), *sorted(SETTINGS))


PASSED_NONE = re.compile(r"\s*=\s*None\b")


def occurrences(word, text):
    """Where the whole word stands in the text."""
    position = text.find(word)
    while position >= 0:
        end = position + len(word)
        if not (is_word(text[position - 1:position]) or is_word(text[end:end + 1])):
            yield position
        position = text.find(word, end)


def is_word(character):
    return character == "_" or character.isalnum()


class Value:
    """What an expression in the application is, as far as can be told: a model's row, many, a query, a lazy field,
    a driver, an Ommi."""
    __slots__ = ("kind", "model", "node")

    def __init__(self, kind, model=None, node=None):
        self.kind, self.model, self.node = kind, model, node


class UseReader:
    """Finds the use of Ommi in one file. Only statements that hold one of the words of interest are looked into."""

    def __init__(self, program, lazy_names, uses):
        self.program, self.lazy_names, self.uses = program, lazy_names, uses
        self.handlers = {
            ast.FunctionDef: self.function, ast.AsyncFunctionDef: self.function, ast.Lambda: self.lambda_,
            ast.ClassDef: self.class_, ast.Await: self.await_, ast.Attribute: self.attribute, ast.Call: self.call,
            ast.Assign: self.assign, ast.AnnAssign: self.annotated, ast.NamedExpr: self.named,
            ast.With: self.with_, ast.AsyncWith: self.with_, ast.For: self.for_, ast.AsyncFor: self.for_,
            ast.comprehension: self.comprehension, ast.ListComp: self.comprehended, ast.SetComp: self.comprehended,
            ast.GeneratorExp: self.comprehended, ast.DictComp: self.dict_comprehended,
            ast.Constant: self.nothing, ast.Name: self.nothing, ast.alias: self.nothing,
        }
        for family in (ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop):
            self.handlers.update(dict.fromkeys(family.__subclasses__(), self.nothing))
        if MATCH:
            self.handlers[MATCH] = self.match

    def read(self, module):
        lines, position = self.interesting_lines(module.text), 0
        self.lines = lines
        self.module, self.scope, self.values = module, module.scope, {}
        self.receiver_of_methods = None
        self.activations, self.databases = [], []
        for statement in module.body:
            first = min([statement.lineno] + [item.lineno for item in getattr(statement, "decorator_list", ())])
            while position < len(lines) and lines[position] < first:
                position += 1
            if position == len(lines):
                break
            if lines[position] <= statement.end_lineno and type(statement) not in (ast.Import, ast.ImportFrom):
                try:
                    self.visit(statement, "statement")
                except RecursionError:
                    pass
        self.mark_activated()

    def interesting_lines(self, text):
        """The lines that hold a word of interest: a name of the API, `.lazy_field`, or `lazy_field=None`."""
        positions = [position for word in USE_WORDS if word in text for position in occurrences(word, text)]
        lazy_names = self.lazy_names
        if len(lazy_names) > 200:
            lazy_names = lazy_names.keys() & set(WORD.findall(text))
        for name in lazy_names:
            if name in text:
                positions += [position for position in occurrences(name, text)
                              if text[max(position - 80, 0):position].rstrip().endswith(".") or PASSED_NONE.match(text, position + len(name))]
        lines, line, last = [], 1, 0
        for position in sorted(positions):
            line += text.count("\n", last, position)
            last = position
            if not lines or lines[-1] != line:
                lines.append(line)
        return lines

    def is_interesting(self, node):
        return bisect.bisect_left(self.lines, node.lineno) < bisect.bisect_right(self.lines, node.end_lineno)

    def visit(self, node, context="expression"):
        handler = self.handlers.get(type(node))
        if handler:
            handler(node, context)
        else:
            self.children(node, CONTEXTS.get(type(node), "expression"))

    def children(self, node, context):
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item, context)
            elif isinstance(value, ast.AST):
                self.visit(value, context)

    def nothing(self, node, context):
        pass

    def note(self, kind, node, **facts):
        record = {"kind": kind, "file": self.module.path, **self.module.located(node),
                  "source": self.module.lines[node.lineno - 1], "text": self.module.segment(node),
                  "scope": self.scope.qualname, "in_function": self.scope.kind == "function"}
        record.update(facts)
        record = clean(record)
        self.uses.append(record)
        return record

    def view(self):
        return View(self.scope, self.module)

    def meaning(self, node):
        return self.program.of_expression(node, self.view()) if isinstance(node, NAMES) else MISSING

    # Statements.

    def function(self, node, context):
        outer, values = self.scope, dict(self.values)
        for item in node.decorator_list:
            self.visit(item)
        self.scope = self.module.collector.inside_function(node) or outer
        arguments = node.args
        everything = [*getattr(arguments, "posonlyargs", ()), *arguments.args, *arguments.kwonlyargs]
        for argument in everything:
            self.values.pop(argument.arg, None)
            if argument.annotation is not None:
                self.remember(argument.arg, self.annotated_value(argument.annotation))
        if outer.kind == "class" and outer.owner.model and everything:
            self.remember(everything[0].arg, Value("row", outer.owner.model))
        for item in [*arguments.defaults, *(item for item in arguments.kw_defaults if item is not None)]:
            self.visit(item)
        for item in node.body:
            self.visit(item, "statement")
        self.scope, self.values = outer, values

    def lambda_(self, node, context):
        self.visit(node.body, "returned")

    def class_(self, node, context):
        outer = self.scope
        found = self.module.class_of(node)
        self.scope = found.own
        for item in node.body:
            if (isinstance(item, FUNCTIONS) or type(item) is ast.ClassDef) and self.is_interesting(item):
                self.visit(item, "statement")
        self.scope = outer

    def remember(self, name, value):
        if value is None:
            self.values.pop(name, None)
        else:
            self.values[name] = value

    def assign(self, node, context):
        self.visit(node.value, "assigned")
        value = self.value(node.value)
        for target in node.targets:
            if type(target) is ast.Name:
                self.remember(target.id, value)
            else:
                self.visit(target, "target")

    def annotated(self, node, context):
        if node.value is not None:
            self.visit(node.value, "assigned")
        if type(node.target) is ast.Name:
            self.remember(node.target.id, self.annotated_value(node.annotation) or
                          (self.value(node.value) if node.value is not None else None))

    def named(self, node, context):
        self.visit(node.value, context)
        self.remember(node.target.id, self.value(node.value))

    def with_(self, node, context):
        form = "async-with" if type(node) is ast.AsyncWith else "with"
        for item in node.items:
            value = self.value(item.context_expr)
            self.visit(item.context_expr, form)
            if type(item.optional_vars) is ast.Name:
                self.remember(item.optional_vars.id, value)
            self.activation(item.context_expr, value, form)
        for item in node.body:
            self.visit(item, "statement")

    def activation(self, node, value, form):
        if value is not None and value.kind == "driver":
            self.note_activation(node, form + "-driver")
        elif value is None and form == "async-with" and type(node) is ast.Name and "driver" in node.id.lower():
            self.note_activation(node, "async-with-driver", by_name=True)

    def note_activation(self, node, form, **facts):
        self.activations.append(self.note("activation", node, form=form, **facts))

    def for_(self, node, context):
        self.visit(node.iter, "iterated")
        self.bind_loop(node.target, node.iter)
        for item in [*node.body, *node.orelse]:
            self.visit(item, "statement")

    def bind_loop(self, target, iterated):
        if type(target) is ast.Name:
            value = self.value(iterated)
            many = value is not None and value.kind in ("rows", "query")
            self.remember(target.id, Value("row", value.model) if many else None)
        elif type(target) in (ast.Tuple, ast.List) and type(iterated) is ast.Call and len(target.elts) == 2 and \
                dotted_text(iterated.func) == "enumerate" and iterated.args:
            self.bind_loop(target.elts[1], iterated.args[0])

    def comprehension(self, node, context):
        self.visit(node.iter, "iterated")
        self.bind_loop(node.target, node.iter)
        for item in node.ifs:
            self.visit(item, "condition")

    def comprehended(self, node, context):
        values = dict(self.values)
        for item in node.generators:
            self.comprehension(item, context)
        self.visit(node.elt, "collected")
        self.values = values

    def dict_comprehended(self, node, context):
        values = dict(self.values)
        for item in node.generators:
            self.comprehension(item, context)
        self.visit(node.key, "collected")
        self.visit(node.value, "collected")
        self.values = values

    def match(self, node, context):
        self.visit(node.subject, "compared")
        value = self.value(node.subject)
        for case in node.cases:
            pattern = case.pattern
            if value is not None and type(pattern) is ast.MatchClass and pattern.patterns and \
                    type(pattern.patterns[0]) is ast.MatchAs and pattern.patterns[0].name:
                self.remember(pattern.patterns[0].name, value)
            for item in case.body:
                self.visit(item, "statement")

    # Expressions.

    def await_(self, node, context):
        self.visit(node.value, "awaited")

    def attribute(self, node, context):
        if type(node.ctx) is not ast.Load:
            self.visit(node.value)
            return
        if node.attr in self.lazy_names:
            self.lazy_access(node, context)
        elif node.attr in OLD_LAZY_API and type(node.value) is ast.Attribute and node.value.attr in self.lazy_names:
            self.lazy_access(node.value, "attribute:" + node.attr, context)
            self.visit(node.value.value, "receiver")
            return
        elif node.attr == "get_global_collection" and self.meaning(node).name == "ommi.models.get_global_collection":
            self.note("old-name", node, name="ommi.models.get_global_collection")
        elif node.attr in OLD_NAMES and self.meaning(node).name.startswith("ommi."):
            self.note("old-name", node, name=node.attr)
        self.visit(node.value, "attribute:" + node.attr)

    def lazy_access(self, node, context, outer=None):
        """`row.field` that is not awaited. Assigning or storing the descriptor's object is not a mistake in itself."""
        if context == "awaited" or context in LAZY_CONTEXTS:
            return
        value = self.value(node.value)
        model = value.model if value is not None and value.kind == "row" else None
        method = context[10:] if context.startswith("attribute:") else None
        if model is not None and node.attr not in model.lazy:
            return
        if model is None and (method not in OLD_LAZY_API or value is not None or
                              self.meaning(node.value).kind not in ("missing", "alias", "external")):
            return
        kind, target = model.lazy[node.attr] if model else (None, None)
        self.note("lazy-access", node, field=node.attr, receiver=self.module.segment(node.value),
                  model=model.class_.dotted if model else None, lazy=kind,
                  target=target.class_.dotted if target else None,
                  candidates=None if model else sorted(self.lazy_names[node.attr])[:MAX_CANDIDATES],
                  context="attribute" if method else context, method=method, awaited=outer == "awaited",
                  certain=model is not None)

    def call(self, node, context):
        function = node.func
        if type(function) is ast.Attribute:
            self.method(node, function, context)
        thing = self.meaning(function)
        role = self.program.role(thing)
        if role == "Ommi":
            self.database(node, context)
        elif role == "use_driver":
            self.note_activation(node, "use_driver" if context in ("with", "async-with") else "use_driver-call")
        elif role in SETTINGS:
            self.note("settings", node, name=role, keys=self.keyword_keys(node))
        elif thing.kind == "model":
            self.construction(node, thing.model)
        elif role in OLD_NAMES:
            self.note("old-name", node, name=role)
        if type(function) is not ast.Name:
            self.visit(function, "called")
        callee = "argument:" + (dotted_text(function) or "")
        for item in node.args:
            self.visit(item.value if type(item) is ast.Starred else item, callee)
        for item in node.keywords:
            self.visit(item.value, callee)

    def method(self, node, function, context):
        handler = METHODS.get(function.attr)
        if handler:
            getattr(self, handler)(node, function, context)

    def construction(self, node, model):
        """Lazy fields that are passed to a model's constructor."""
        for item in node.keywords:
            if item.arg in model.lazy:
                self.note("lazy-argument", item.value, model=model.class_.dotted, field=item.arg,
                          argument=self.module.segment(item.value), is_none=is_none(item.value))
        names = list(model.fields)
        for index, item in enumerate(node.args):
            if type(item) is ast.Starred or index >= len(names):
                break
            if names[index] in model.lazy:
                self.note("lazy-argument", item, model=model.class_.dotted, field=names[index], position=index + 1,
                          argument=self.module.segment(item), is_none=is_none(item))

    def database(self, node, context):
        driver = first_argument(node)
        implicit = argument_named(node, "allow_imlicit_model_setup")
        value = self.value(driver) if driver is not None else None
        record = self.note("ommi", node, form=context if context in ("with", "async-with") else "call",
                           driver=self.module.segment(driver) if driver is not None else None,
                           driver_class=value.model if value is not None and value.kind == "driver" else None,
                           implicit_setup_off=is_false(implicit))
        self.databases.append(record)

    def mark_activated(self):
        """Whether a driver is activated in the function of each `Ommi(...)`, or in one around it."""
        for record in self.databases:
            scope = record.get("scope", "")
            for activation in self.activations:
                outer = activation.get("scope", "")
                if not outer or scope == outer or scope.startswith(outer + "."):
                    record["activated"] = {key: activation[key] for key in ("form", "line", "column")}
                    break

    # Methods, by name (see METHODS).

    def refresh(self, node, function, context):
        lazy = function.value
        field = lazy.attr if type(lazy) is ast.Attribute else None
        value = self.value(lazy)
        if field not in self.lazy_names and (value is None or value.kind != "lazy"):
            return
        owner = self.value(lazy.value) if field is not None else None
        model = owner.model if owner is not None and owner.kind == "row" else None
        if model is not None and field not in model.lazy:
            return
        self.note("refresh", node, method=function.attr, field=field, receiver=self.module.segment(lazy),
                  model=model.class_.dotted if model else None, awaited=context == "awaited",
                  candidates=None if model else sorted(self.lazy_names.get(field, ()))[:MAX_CANDIDATES],
                  certain=model is not None)

    def use_models(self, node, function, context):
        argument = first_argument(node)
        self.note("use-models", node, method=function.attr, receiver=self.module.segment(function.value),
                  collection=self.module.segment(argument) if argument is not None else None,
                  collection_resolved=self.meaning(argument).name if argument is not None else None,
                  awaited=context == "awaited", certain=self.is_database(function.value))

    def is_database(self, node):
        value = self.value(node)
        return value is not None and value.kind == "database"

    def connect(self, node, function, context):
        role = self.program.role(self.meaning(function.value))
        if role not in DRIVERS:
            return
        if function.attr == "from_config":
            self.note("old-name", node, name=role + ".from_config")
            return
        argument = first_argument(node)
        written, place = argument, argument
        if type(argument) is ast.Name:
            binding, _ = self.program.find(argument.id, self.view())
            written = binding.value if binding is not None and binding.kind == "assign" else None
        record = {"driver": role, "form": "none", "awaited": context == "awaited"}
        if argument is not None:
            record.update(self.settings(written), argument=self.module.segment(place))
        self.note("connect", node, **record)

    def settings(self, node):
        if type(node) is ast.Dict:
            keys = []
            for key, value in zip(node.keys, node.values):
                keys.append(self.setting(key, value))
            return {"form": "dict", "keys": keys, **self.isolation(keys)}
        if type(node) is ast.Call:
            keys = self.keyword_keys(node)
            return {"form": "dict" if dotted_text(node.func) == "dict" else "call", "keys": keys,
                    **self.isolation(keys)}
        if type(node) is ast.Constant:
            return {"form": "string" if type(node.value) is str else "literal"}
        return {"form": "unknown"}

    def keyword_keys(self, call):
        return [clean({"name": item.arg, "dynamic": item.arg is None, "value": literal(item.value),
                       "place": self.module.place(item.value)}) for item in call.keywords]

    def setting(self, key, value):
        name = key.value if type(key) is ast.Constant and type(key.value) is str else None
        return clean({"name": name, "dynamic": name is None, "value": literal(value),
                      "place": self.module.place(key if key is not None else value)})

    def isolation(self, keys):
        levels = [item.get("value") for item in keys if item.get("name") == "isolation_level"]
        return {"isolation_level": levels[-1]} if levels and levels[-1] is not None else {}

    def transaction(self, node, function, context):
        value = self.value(function.value)
        certain = value is not None and value.kind in ("database", "driver")
        if value is None and not re.search(r"db|database|driver|ommi", self.module.segment(function.value), re.I):
            return
        connect = self.connection_of(function.value, 0)
        level = None
        if connect is not None and first_argument(connect) is not None:
            argument = first_argument(connect)
            if type(argument) is ast.Name:
                binding, _ = self.program.find(argument.id, self.view())
                argument = binding.value if binding is not None else None
            level = self.settings(argument).get("isolation_level")
        self.note("transaction", node, receiver=self.module.segment(function.value), form=context,
                  isolation_level=level, driver_known=connect is not None, certain=certain,
                  commits=".commit(" in self.module.text)

    def connection_of(self, node, depth):
        """The `connect(...)` call that a database or driver comes from, or None."""
        while type(node) is ast.Await:
            node = node.value
        if depth > 8:
            return None
        if type(node) is ast.Name:
            known = self.values.get(node.id)
            if known is not None and known.node is not None:
                return self.connection_of(known.node, depth + 1)
            binding, _ = self.program.find(node.id, self.view())
            return self.connection_of(binding.value, depth + 1) \
                if binding is not None and binding.kind in ("assign", "with") else None
        if type(node) is ast.Call:
            if type(node.func) is ast.Attribute and node.func.attr == "connect":
                return node
            if self.program.role(self.meaning(node.func)) == "Ommi":
                return self.connection_of(first_argument(node), depth + 1)
        return None

    def add_or_find(self, node, function, context):
        """Awaiting the wrapper itself runs the implicit set-up."""
        if context == "awaited" and self.is_database(function.value):
            self.note("implicit-setup", node, method=function.attr, receiver=self.module.segment(function.value))

    def old_method(self, node, function, context):
        name = function.attr
        receiver = function.value
        thing = self.meaning(receiver)
        if name == "from_config" or name == "connect":
            self.connect(node, function, context)
        elif name == "create_models" and type(receiver) is ast.Call or name == "raise_on_errors" or \
                name in ("setup_on", "remove_from") and "ollection" in (thing.name or ""):
            self.note("old-name", node, name=name)

    def one_or_all(self, node, function, context):
        """`db.find(...).fetch.one()` of Ommi 0.1."""
        inner = function.value
        if type(inner) is ast.Attribute and inner.attr == "fetch" and type(inner.value) is ast.Call:
            self.note("old-name", node, name="fetch." + function.attr)

    def set_active(self, node, function, context):
        if self.program.role(self.meaning(function.value)) == "active_driver":
            self.note_activation(node, "active_driver.set")
        elif type(function.value) is ast.Call and type(function.value.func) is ast.Attribute and \
                function.value.func.attr == "find" and self.is_database(function.value.func.value):
            self.note("old-name", node, name="find.set")

    def active_record(self, node, function, context):
        thing = self.meaning(function.value)
        value = self.value(function.value)
        if thing.kind == "model" and function.attr in ("fetch", "count") and \
                function.attr not in thing.class_.own.names:
            self.note("active-record", node, method=function.attr, model=thing.class_.dotted)
        elif value is not None and value.kind == "row" and function.attr in ("save", "reload", "delete") and \
                function.attr not in value.model.class_.own.names:
            self.note("active-record", node, method=function.attr, model=value.model.class_.dotted)

    # What an expression is.

    def annotated_value(self, node):
        view = self.view()
        if type(node) is ast.Constant and type(node.value) is str:
            node = parsed_expression(node.value.strip())
        if type(node) is ast.Subscript:
            name = self.program.of_expression(node.value, view).name
            items = subscript_items(node)
            inner = self.annotated_value(items[0])
            if inner is None or inner.kind != "row":
                return inner if name == "typing.Optional" else None
            if name == "typing.Optional":
                return inner
            return Value("rows", inner.model) if name in MANY else None
        if type(node) is ast.BinOp:
            members = [member for member in union_members(node) if not is_none(member)]
            return self.annotated_value(members[0]) if len(members) == 1 else None
        thing = self.program.of_expression(node, view)
        role = self.program.role(thing)
        if thing.kind == "model":
            return Value("row", thing.model)
        if role in DRIVERS:
            return Value("driver", role)
        if role in ("Ommi", "OmmiTransaction"):
            return Value("database")
        return None

    def value(self, node, depth=0):
        kind = type(node)
        if depth > 40:
            return None
        if kind is ast.Name:
            return self.value_of_name(node, depth)
        if kind is ast.Await:
            return self.awaited_value(self.value(node.value, depth + 1))
        if kind is ast.Call:
            return self.called_value(node, depth)
        if kind is ast.Attribute:
            return self.attribute_value(self.value(node.value, depth + 1), node.attr)
        if kind is ast.Subscript:
            value = self.value(node.value, depth + 1)
            return Value("row", value.model) if value is not None and value.kind == "rows" else None
        if kind is ast.NamedExpr:
            return self.value(node.value, depth + 1)
        return None

    def value_of_name(self, node, depth):
        if node.id in self.values:
            return self.values[node.id]
        binding, _ = self.program.find(node.id, self.view())
        if binding is not None and binding.kind in ("assign", "with") and binding.scope.kind == "module" and \
                self.scope.kind != "module" and isinstance(binding.value, (ast.Call, ast.Await)):
            return self.value(binding.value, depth + 8)
        return None

    def awaited_value(self, value):
        if value is None:
            return None
        if value.kind == "lazy":
            kind, target = value.node
            return Value("row" if kind == "one" else "rows", target) if target else None
        if value.kind == "query":
            return Value("rows", value.model)
        return value

    def attribute_value(self, value, name):
        if value is None:
            return None
        if value.kind == "row" and name in value.model.lazy:
            return Value("lazy", value.model, value.model.lazy[name])
        if value.kind == "query" and name == "one":
            return Value("row", value.model)
        if value.kind == "query" and name in ("all", "fetch"):
            return value if name == "fetch" else Value("rows", value.model)
        if value.kind in ("row", "rows") and name == "result" and name not in value.model.fields:
            return value
        return None

    def called_value(self, node, depth):
        function = node.func
        thing = self.meaning(function)
        role = self.program.role(thing)
        if thing.kind == "model":
            return Value("row", thing.model)
        if role == "Ommi":
            return Value("database", None, node)
        if role in DRIVERS:
            return Value("driver", role, node)
        if type(function) is not ast.Attribute:
            return None
        name = function.attr
        if name == "connect":
            driver = self.program.role(self.meaning(function.value))
            return Value("driver", driver, node) if driver in DRIVERS else None
        if name in ("find", "fetch") and node.args:
            model = self.model_in(node.args[0], 0)
            receiver = self.value(function.value, depth + 1)
            if model is not None and (receiver is None or receiver.kind in ("database", "driver")):
                return Value("query", model)
            return None
        value = self.value(function.value, depth + 1)
        if value is None:
            return None
        if name in ("one", "all", "get") and value.kind == "query":
            return Value("row" if name == "one" else "rows", value.model)
        if value.kind == "lazy" and name in ("get_result", "or_use"):
            return value
        if name in ("or_raise", "or_use", "result_or", "limit", "sort") and value.kind in ("row", "rows", "query"):
            return value
        return None

    def model_in(self, node, depth):
        """The model that a predicate is about: `User`, `User.id == 1`, `when(User.id == 1)`."""
        if depth > 8:
            return None
        if isinstance(node, NAMES):
            thing = self.meaning(node)
            if thing.kind == "member":
                thing = thing.value[0]
            return thing.model
        for child in ast.iter_child_nodes(node):
            model = self.model_in(child, depth + 1)
            if model is not None:
                return model
        return None


METHODS = {
    "refresh": "refresh", "refresh_if_needed": "refresh", "use_models": "use_models", "remove_models": "use_models",
    "connect": "connect", "transaction": "transaction", "add": "add_or_find", "find": "add_or_find",
    "one": "one_or_all", "all": "one_or_all", "set": "set_active",
    **dict.fromkeys(sorted(ACTIVE_RECORD), "active_record"),
    **dict.fromkeys(sorted(OLD_METHODS), "old_method"),
}
MANY = {"builtins.list", "typing.List", "typing.Sequence", "typing.Iterable", "builtins.set", "builtins.tuple",
        "collections.abc.Sequence", "collections.abc.Iterable", "typing.AsyncIterable", "typing.AsyncIterator",
        "collections.abc.AsyncIterable", "collections.abc.AsyncIterator"}
CONTEXTS = {ast.Return: "returned", ast.Yield: "returned", ast.Compare: "compared", ast.If: "condition",
            ast.While: "condition", ast.BoolOp: "condition", ast.UnaryOp: "condition", ast.IfExp: "condition",
            ast.FormattedValue: "formatted", ast.Subscript: "subscript", ast.List: "collected", ast.Tuple: "collected",
            ast.Set: "collected", ast.Dict: "collected", ast.Starred: "iterated", ast.BinOp: "operand",
            ast.Expr: "statement", ast.Assert: "condition"}
# A lazy field that is used like this is used rightly.
LAZY_CONTEXTS = {"attribute:" + name for name in LAZY_API} | {"attribute:" + name for name in (
    "_cache", "_driver", "_query", "_fetch", "_get_result", "_get_driver", "_query_factory", "__class__")}


def literal(node):
    return node.value if type(node) is ast.Constant and isinstance(node.value, (str, int, float, bool)) else None


# ---- the document ----------------------------------------------------------------------------------------------------

class Reader:
    """One run: reads the files, then makes the document."""

    def __init__(self):
        self.problems = []
        self.modules = []

    def run(self, arguments, roots):
        files = Files(arguments, roots, self.problems)
        names = ModuleNames(files.roots)
        for path in sorted(files.paths):
            self.read_file(path, names.name(path, files.paths[path]))
        self.program = Program(self.modules)
        self.annotations = AnnotationReader(self.program)
        models = self.find_models()
        return {
            "schema_version": SCHEMA_VERSION,
            "python": "%d.%d.%d" % sys.version_info[:3],
            "files": [self.file(module) for module in self.modules],
            "models": self.models(models),
            "collections": self.collections(),
            "duplicates": self.duplicates(models),
            "cycles": self.cycles(),
            "type_checking_names": self.type_checking_names(),
            "imports_not_given": self.imports_not_given(),
            "uses": self.uses(models),
            "problems": sorted(self.problems, key=place_order),
        }

    def read_file(self, path, names):
        try:
            with open(path, "rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
            if len(data) > MAX_FILE_BYTES:
                raise Unreadable("too-large", "the limit is %d bytes" % MAX_FILE_BYTES)
            text, encoding = decoded(data)
            tree = parsed(text)
            module = Module(path, text, encoding, names)
            module.body = tree.body
            Collector(module).body(tree.body, module.scope)
            self.modules.append(module)
        except Unreadable as trouble:
            self.problems.append({"file": path, **trouble.record})
        except OSError as error:
            self.problem(path, "unreadable", error.strerror or str(error))
        except (RecursionError, MemoryError):
            self.problem(path, "too-deep", "nested too deeply, or too large, to be read")

    def problem(self, path, kind, message, line=0):
        self.problems.append({"file": path, "line": line, "column": 0, "kind": kind, "message": message})

    def find_models(self):
        find_decorated(self.program)
        models = [found.model for module in self.modules for found in module.classes if found.model]
        models += find_function_models(self.program)
        models.sort(key=lambda model: (model.class_.module.path, model.class_.node.lineno, model.bound_as or ""))
        kept = []
        for model in models:
            found = model.class_
            try:
                model.fields = self.annotations.fields_of(found)
                kept.append(model)
            except (RecursionError, MemoryError):
                self.problem(found.module.path, "too-deep", "the class %s is nested too deeply" % found.qualname,
                             found.node.lineno)
        for model in kept:
            for name, field in model.fields.items():
                lazy = field.get("lazy")
                if lazy and lazy.get("seen_by_ommi"):
                    model.lazy[name] = (lazy["kind"], self.annotations.targets.get((model.class_, name)))
        return kept

    def models(self, models):
        reader = ModelReader(self.program, self.annotations)
        return [reader.read(model) for model in models]

    def file(self, module):
        return clean({"path": module.path, "module": module.name, "package": module.is_package,
                      "encoding": module.encoding, "future_annotations": module.future,
                      "lines": len(module.lines) - (not module.lines[-1])})

    def collections(self):
        records = []
        for module in self.modules:
            if "ollection" not in module.text:
                continue
            for scope in [module.scope, *module.scopes.values()]:
                for bindings in (scope.names or {}).values():
                    records += filter(None, map(self.collection, bindings))
        return sorted(records, key=place_order)

    def collection(self, binding):
        if binding.kind != "assign" or type(binding.value) is not ast.Call:
            return None
        scope, module = binding.scope, binding.scope.module
        role = self.program.role(self.program.of_expression(binding.value.func, View(scope, module)))
        if role not in ("ModelCollection", "get_global_collection"):
            return None
        return clean({"name": binding.name, "resolved": module.name + "." + scope.inside(binding.name),
                      "kind": "new" if role == "ModelCollection" else "global", "file": module.path,
                      **module.located(binding.node)})

    # Duplicates, circles, names that exist only for type checkers.

    def duplicates(self, models):
        records = []
        by_place, by_name = {}, {}
        for model in models:
            found = model.class_
            by_place.setdefault(found.dotted, []).append(model)
            by_name.setdefault(found.name, []).append(model)
        for name, same in by_place.items():
            if len(same) > 1:
                records.append({"kind": "redefined", "name": name, "places": [self.model_place(m) for m in same]})
        for name, same in by_name.items():
            if len({model.class_.module.path for model in same}) > 1:
                records.append({"kind": "same-name", "name": name, "places": [self.model_place(m) for m in same]})
        records += self.modules_with_two_names()
        return sorted(records, key=lambda record: (record["kind"], record["name"]))

    def model_place(self, model):
        found = model.class_
        return {"file": found.module.path, "line": found.node.lineno, "module": found.module.name}

    def modules_with_two_names(self):
        used = {}
        for module in self.modules:
            for target, name, node, _, guarded in module.imports:
                given = self.program.module(target, module)
                if given is not None and not guarded:
                    spelled = target
                    used.setdefault(given, {}).setdefault(spelled, (module.path, node.lineno))
        return [{"kind": "module-two-names", "name": given.name, "file": given.path,
                 "places": [{"as": spelled, "file": place[0], "line": place[1]}
                            for spelled, place in sorted(spellings.items())]}
                for given, spellings in used.items() if len(spellings) > 1]

    def edges(self, module):
        """module -> place, for every import between the files that runs when the module is imported."""
        found = {}
        for target, name, node, scope, guarded in module.imports:
            if guarded or scope.kind == "function":
                continue
            given = name and self.program.module(target + "." + name, module) or self.program.module(target, module)
            if given is not None and given is not module:
                found.setdefault(given, node)
        return found

    def cycles(self):
        edges = {module: self.edges(module) for module in self.modules}
        records = []
        for group in strongly_connected(edges):
            if len(group) > 1:
                inside = set(group)
                imports = [{"file": module.path, "line": node.lineno, "from": module.name, "to": target.name}
                           for module in group for target, node in edges[module].items() if target in inside]
                records.append({"modules": sorted(module.name for module in group),
                                "imports": sorted(imports, key=place_order)})
        return sorted(records, key=lambda record: record["modules"])

    def type_checking_names(self):
        records = []
        for module in self.modules:
            if "TYPE_CHECKING" not in module.text and "if " not in module.text:
                continue
            for bindings in module.scope.names.values():
                for binding in bindings:
                    if binding.guarded:
                        records.append(clean({
                            "file": module.path, **module.located(binding.node), "name": binding.name,
                            "resolved": self.program.of_binding(binding).name,
                            "also_at_run_time": any(not other.guarded for other in bindings)}))
        return sorted(records, key=place_order)

    def imports_not_given(self):
        """Imports of modules beside the given files which were not given themselves."""
        records = []
        for module in self.modules:
            for target, name, node, _, _ in module.imports:
                if self.program.by_name.get(target) or name and self.program.by_name.get(target + "." + name):
                    continue
                if target.partition(".")[0] in self.program.tops or getattr(node, "level", 0):
                    records.append(clean({"file": module.path, "line": node.lineno, "module": target, "name": name,
                                          "path": self.beside(module, target)}))
        return sorted(records, key=place_order)

    def beside(self, module, target):
        folder = os.path.dirname(module.path)
        for _ in range(module.name.count(".") + (1 if module.is_package else 0)):
            folder = os.path.dirname(folder)
        base = os.path.join(folder, *target.split("."))
        for path in (base + ".py", os.path.join(base, "__init__.py")):
            if os.path.isfile(path):
                return path
        return None

    def uses(self, models):
        lazy_names = {}
        for model in models:
            for name in model.lazy:
                lazy_names.setdefault(name, set()).add(model.class_.dotted)
        uses = []
        reader = UseReader(self.program, lazy_names, uses)
        for module in self.modules:
            self.imports_of_ommi(module, uses)
            reader.read(module)
        return sorted(uses, key=place_order)

    def imports_of_ommi(self, module, uses):
        for target, name, node, scope, _ in module.imports:
            if target.partition(".")[0] != "ommi" or name is None or name == "*" or target in self.program.by_name:
                continue
            record = {"file": module.path, **module.located(node), "source": module.lines[node.lineno - 1],
                      "name": name, "module": target, "scope": scope.qualname}
            if name in OLD_NAMES:
                uses.append(clean({"kind": "old-name", **record}))
            elif name in PLACES and target not in PLACES[name]:
                uses.append(clean({"kind": "wrong-import", **record, "known_in": list(PLACES[name])}))


def place_order(record):
    return (record.get("file", ""), record.get("line", 0), record.get("column", 0), record.get("kind", ""),
            record.get("name", "") or "")


def strongly_connected(edges):
    """The groups of modules that import each other in a circle (Tarjan's algorithm, without recursion)."""
    index, low, on_stack, stack, groups = {}, {}, set(), [], []
    for start in edges:
        if start in index:
            continue
        work = [(start, iter(edges[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    groups.append(stack[cut:])
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
    return groups


def options(arguments):
    """(paths, roots), or None if the command line is wrong."""
    paths, roots, position = [], [], 0
    while position < len(arguments):
        argument = arguments[position]
        position += 1
        if argument == "--":
            paths += arguments[position:]
            break
        if argument == "--root" and position < len(arguments):
            roots.append(arguments[position])
            position += 1
        elif argument.startswith("--"):
            return None
        else:
            paths.append(argument)
    return (paths, roots) if paths else None


def main(arguments, messages):
    chosen = options(arguments)
    if chosen is None:
        if messages is not None:
            os.write(messages, b"usage: python3 -I - [--root DIR]... [--] PATH...\n")
        return 2
    warnings.simplefilter("ignore")
    gc.disable()  # syntax trees have no circles
    write(Reader().run(*chosen), sys.stdout.buffer)
    return 0


def write(document, stream):
    """Record by record: the text of all of them at once takes several times as much memory, and time."""
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
    mark = "{"
    for key, value in document.items():
        texts = ",".join(map(encode, value)).join("[]") if type(value) is list else encode(value)
        stream.write((mark + encode(key) + ":" + texts).encode("utf-8", "replace"))
        mark = ","
    stream.write(b"}\n")
    stream.flush()


def silenced():
    """A descriptor for our own words; the standard error is closed to those of the parser (3.8 writes there)."""
    try:
        ours = os.dup(2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        return ours
    except OSError:
        return None


def guarded_main(result):
    ours = silenced()
    try:
        result.append(main(sys.argv[1:], ours))
    except BaseException:
        import traceback
        if ours is not None:
            os.write(ours, traceback.format_exc().encode("utf-8", "replace"))


def run():
    """main() in a thread with a large stack: old interpreters take the stack for deeply nested sources."""
    result = []
    for size in (512 << 20, 64 << 20, 0):
        try:
            threading.stack_size(size)
            thread = threading.Thread(target=guarded_main, args=(result,))
            thread.start()
            break
        except (RuntimeError, ValueError, MemoryError):
            continue
    thread.join()
    os._exit(result[0] if result else 1)


if __name__ == "__main__":
    run()
