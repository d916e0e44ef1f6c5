"""What an annotation says once its wrappers (quotes, aliases, unions, `Annotated`, `ClassVar`) are taken off."""


class Annotation:
    """What one annotation says, wrappers taken off."""

    def __init__(self):
        self.quoted = self.double_quoted = self.class_var = self.init_var = False
        self.optional = self.wrapper = self.alias = None
        self.nested = False   # the type is a part of the annotation
        self.core = None      # (expression, view) of the type itself
        self.lazy = None      # (kind, expression, view, slice or None, thing)
        self.metadata = []    # (expression, view, why it is lost or None)


class AnnotationReader:
    """Takes annotations apart."""

    def __init__(self, program):
        self.program = program

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
