"""What stands in a field's `Annotated`, and the references among it."""


class MetadataReader:
    """Makes the records of a field's metadata, and judges whether its references are found."""

    def __init__(self, program, annotations, meanings, types, fields):
        self.program, self.annotations, self.meanings = program, annotations, meanings
        self.types, self.fields = types, fields

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
                    if lost_now is not None:
                        record["why_lost"] = lost_now
                    if kind == "ReferenceTo":
                        references.append((self.reference(item, item_view), lost_now))
                        if lost_now:
                            record["reference"] = references[-1][0]
                if item_view.scope.module is not module:
                    record["file"] = item_view.scope.module.path
                records.append(record)
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
        elif kind == "unknown" and thing.name:
            record["resolved"] = thing.name
        argument = first_argument(call)
        if argument is not None and kind not in ("unknown", "ReferenceTo"):
            record["argument"] = view.source.segment(argument)
            record["argument_place"] = view.source.place(argument)
        if kind == "StoreAs":
            value = self.text_value(argument, view)
            if value:
                record["value"] = value
        elif kind == "FieldType" and argument is not None:
            record["type"] = self.types.type(self.annotations.take_apart(argument, view, False))
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
        record["model"] = {"text": text, **self.meanings.meaning(thing, view)}
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
            record["closest"] = self.meanings.closest_model(thing.name.rpartition(".")[2], view.scope.module)

    def missing_field(self, model, field):
        """(why the model has no such column or None, the closest name)"""
        for owner in self.lineage(model.class_):
            record = self.fields.fields_of(owner).get(field)
            if record is not None:
                if record.get("lazy", {}).get("seen_by_ommi"):
                    return "lazy-field", None
                inherited = owner is not model.class_ and owner.model is None
                return "inherited-field" if inherited else None, None
        return "no-such-field", closest(field, self.fields.fields_of(model.class_))

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
