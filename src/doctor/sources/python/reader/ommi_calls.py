"""Calls of Ommi's API: drivers, connections, transactions, collections, models."""


class CallReader(Values):
    """Notes what the calls in one file do with Ommi."""

    def __init__(self, program, lazy_names, uses):
        super().__init__(program)
        self.lazy_names, self.uses = lazy_names, uses
        self.activations, self.databases = [], []

    def note(self, kind, node, **facts):
        record = {"kind": kind, "file": self.module.path, **self.module.located(node),
                  "source": self.module.lines[node.lineno - 1], "text": self.module.segment(node),
                  "scope": self.scope.qualname, "in_function": self.scope.kind == "function"}
        record.update(facts)
        record = clean(record)
        self.uses.append(record)
        return record

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

    def activation(self, node, value, form):
        if value is not None and value.kind == "driver":
            self.note_activation(node, form + "-driver")
        elif value is None and form == "async-with" and type(node) is ast.Name and "driver" in node.id.lower():
            self.note_activation(node, "async-with-driver", by_name=True)

    def note_activation(self, node, form, **facts):
        self.activations.append(self.note("activation", node, form=form, **facts))

    def mark_activated(self):
        """Whether a driver is activated in the function of each `Ommi(...)`, or in one around it."""
        for record in self.databases:
            scope = record.get("scope", "")
            for activation in self.activations:
                outer = activation.get("scope", "")
                if not outer or scope == outer or scope.startswith(outer + "."):
                    record["activated"] = {key: activation[key] for key in ("form", "line", "column")}
                    break

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


METHODS = {
    "refresh": "refresh", "refresh_if_needed": "refresh", "use_models": "use_models", "remove_models": "use_models",
    "connect": "connect", "transaction": "transaction", "add": "add_or_find", "find": "add_or_find",
    "one": "one_or_all", "all": "one_or_all", "set": "set_active",
    **dict.fromkeys(sorted(ACTIVE_RECORD), "active_record"),
    **dict.fromkeys(sorted(OLD_METHODS), "old_method"),
}
