"""The names that the statements of a file bind, each in its scope."""


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
