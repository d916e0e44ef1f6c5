"""The use of Ommi: a walk through the statements that hold a word of its API or the name of a lazy field."""

WORD = re.compile(r"[^\W\d]\w*")
USE_WORDS = ("Ommi", "refresh", "refresh_if_needed", "use_models", "remove_models", "connect", "transaction",
             "use_driver", "active_driver", "schema", "fetch", "find", "save", "reload", "delete", "count",
             *sorted(OLD_NAMES), *sorted(OLD_METHODS), *sorted(SETTINGS))
PASSED_NONE = re.compile(r"\s*=\s*None\b")
# What becomes of an expression that stands in these.
CONTEXTS = {ast.Return: "returned", ast.Yield: "returned", ast.Compare: "compared", ast.If: "condition",
            ast.While: "condition", ast.BoolOp: "condition", ast.UnaryOp: "condition", ast.IfExp: "condition",
            ast.FormattedValue: "formatted", ast.Subscript: "subscript", ast.List: "collected", ast.Tuple: "collected",
            ast.Set: "collected", ast.Dict: "collected", ast.Starred: "iterated", ast.BinOp: "operand",
            ast.Expr: "statement", ast.Assert: "condition"}
# A lazy field that is used like this is used rightly.
LAZY_CONTEXTS = {"attribute:" + name for name in LAZY_API} | {"attribute:" + name for name in (
    "_cache", "_driver", "_query", "_fetch", "_get_result", "_get_driver", "_query_factory", "__class__")}


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


class UseReader(CallReader):
    """Finds the use of Ommi in one file. Only statements that hold one of the words of interest are looked into."""

    def __init__(self, program, lazy_names, uses):
        super().__init__(program, lazy_names, uses)
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
                              if text[max(position - 80, 0):position].rstrip().endswith(".") or
                              PASSED_NONE.match(text, position + len(name))]
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

    # What an expression is.
