"""The types of fields."""


class TypeReader:
    """Makes the records of types."""

    def __init__(self, program):
        self.program = program

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
