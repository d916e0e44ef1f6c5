"""Lazy fields: what they load, and whether Ommi sees them."""


class LazyReader:
    """Makes the records of lazy fields."""

    def __init__(self, program, meanings):
        self.program, self.meanings = program, meanings
        self.last_target = None  # the model that the lazy field which was read last loads

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
        record.update(self.meanings.name_record(node, view))
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
                record.update(self.meanings.name_record(node, inner_view))
                record["is_string"] = bool(inside)
            record["position"] = position
            return {key: value for key, value in record.items() if value is not None and value != ""}
        return None
