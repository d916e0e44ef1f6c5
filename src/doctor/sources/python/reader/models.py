"""The classes that are models, and the records of them: decorators, tables, libraries, bases."""


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


class ModelReader:
    """Makes the record of one model."""

    def __init__(self, program, fields):
        self.program, self.fields = program, fields
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
            for name, field in self.fields.fields_of(owner).items():
                if name not in own:
                    own.add(name)
                    records.append(clean({
                        "name": name, "class": owner.dotted, "is_model": owner.model is not None,
                        "file": owner.module.path, "line": field["line"], "column": field["place"][1],
                        "annotation": field["annotation"], "lazy": bool(field.get("lazy")),
                        "reference": bool(field.get("reference")), "class_var": field.get("class_var"),
                        "key": any(item["kind"] == "Key" for item in field.get("metadata", ()))}))
        return records
