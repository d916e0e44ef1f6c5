"""What an expression in the application is, as far as can be told without running it."""


class Value:
    """What an expression in the application is, as far as can be told: a model's row, many, a query, a lazy field,
    a driver, an Ommi."""
    __slots__ = ("kind", "model", "node")

    def __init__(self, kind, model=None, node=None):
        self.kind, self.model, self.node = kind, model, node


class Values:
    """What is known of the expressions in one file: `values` are those of the names that were assigned so far."""

    def __init__(self, program):
        self.program = program
        self.module = self.scope = None
        self.values = {}

    def view(self):
        return View(self.scope, self.module)

    def meaning(self, node):
        return self.program.of_expression(node, self.view()) if isinstance(node, NAMES) else MISSING

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


MANY = {"builtins.list", "typing.List", "typing.Sequence", "typing.Iterable", "builtins.set", "builtins.tuple",
        "collections.abc.Sequence", "collections.abc.Iterable", "typing.AsyncIterable", "typing.AsyncIterator",
        "collections.abc.AsyncIterable", "collections.abc.AsyncIterator"}
