"""The fields of classes: a record of each annotated name."""


class FieldReader:
    """Makes the records of fields."""

    def __init__(self, program):
        self.program = program
        self.annotations = AnnotationReader(program)
        self.meanings = MeaningReader(program)
        self.types = TypeReader(program)
        self.lazy = LazyReader(program, self.meanings)
        self.metadata = MetadataReader(program, self.annotations, self.meanings, self.types, self)
        self.fields = {}       # class -> its records by name
        self.targets = {}      # (class, field name) -> the model that a lazy field loads
        self.plain_types = {}  # (what a name means, the name) -> the record of the type that it is

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
                known[name] = self.field(node, conditional, found, view)
        return known

    def field(self, node, conditional, found, view):
        module = found.module
        name, annotation = node.target.id, node.annotation
        text, place = module.cut(annotation)
        record = {"name": name, "line": node.lineno, "place": module.place(node), "source": module.statement(node),
                  "annotation": text, "annotation_place": place}
        plain = self.plain_type(annotation, view) if type(annotation) is ast.Name else None
        if plain is not None:
            record["type"] = plain
        else:
            facts, target = self.annotated(annotation, text, view)
            record.update(facts)
            if target is not None:
                self.targets[found, name] = target
        if node.value is not None:
            self.default(node.value, found, record)
        if name.startswith("_"):
            record["private"] = True
        if conditional:
            record["conditional"] = True
        return record

    def annotated(self, node, text, view):
        """(the facts of an annotation, the model that it loads); the same text means the same wherever its names do."""
        module = view.scope.module
        known = module.annotations.get(text)
        if known is None:
            # Kept meanwhile, because a reference reads the fields of its model.
            outer = self.program.shaky, self.lazy.last_target
            self.program.shaky, self.lazy.last_target, view.known = False, None, {}
            facts = self.plain_lazy(text, view) or self.facts(node, Written(module, node, text), view)
            known = facts, self.lazy.last_target
            if not self.program.shaky:
                module.annotations[text] = known
            self.program.shaky, self.lazy.last_target = outer[0] or self.program.shaky, outer[1]
        return known

    def plain_lazy(self, text, view):
        """The facts of `"LazyLoad...[Model]"` where both names mean that: the commonest form, without a syntax tree."""
        match = PLAIN_LAZY.match(text)
        if match is None or view.scope.module.future:
            return None
        view = view.as_string(view.source)
        outer = self.program.of_name(match.group(2), view)
        target = self.program.of_name(match.group(3), view)
        kind = LAZY_KINDS.get(self.program.role(outer))
        if kind is None or target.kind != "model" or outer.where != "module":
            return None
        self.lazy.last_target = target.model
        named = {"text": match.group(3), "place": match.span(3), **self.meanings.meaning(target, view)}
        lazy = {"kind": kind, "place": (match.start(2), match.end(3) + 1), "text": text[1:-1], "form": "quoted-whole",
                "seen_by_ommi": True, "target": named}
        return {"quoted": True, "stringified": True, "lazy": lazy}

    def facts(self, node, written, view):
        module = view.scope.module
        source, view.source = view.source, written
        annotation = self.annotations.take_apart(node, view, module.future)
        record = {"quoted": annotation.quoted, "stringified": annotation.quoted or module.future,
                  "class_var": annotation.class_var, "init_var": annotation.init_var}
        record = {key: value for key, value in record.items() if value}
        if annotation.lazy is not None:
            record["lazy"] = self.lazy.lazy(annotation)
        if "seen_by_ommi" not in record.get("lazy", ()):
            record["type"] = self.types.type(annotation)
        metadata, references = self.metadata.metadata(annotation, module)
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
        known = thing, node.id
        if known not in self.plain_types:
            simple = thing.kind in ("builtin", "class") or thing.kind == "external" and \
                thing.name.partition(".")[0] in PLAIN_MODULES
            found = Annotation()
            found.core = (node, view)
            self.plain_types[known] = self.types.type(found) if simple else None
        return self.plain_types[known]

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
        record["default"], record["default_place"] = module.cut(value)
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
