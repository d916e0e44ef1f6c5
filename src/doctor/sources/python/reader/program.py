"""All modules that were read, as one program, and what a name in it means."""


class View:
    """From where an expression is looked at: its scope, its text, and when Python evaluates it.

    `string` says that it is text which Ommi evaluates later in the module's names alone; `line` is None if all of the
    module's statements have run by then.
    """
    __slots__ = ("scope", "source", "string", "line", "known", "from_string")

    def __init__(self, scope, source, string=False, line=None):
        self.scope, self.source, self.string, self.line = scope, source, string, line
        self.known = {}  # name -> what it means from here
        self.from_string = None

    def as_string(self, source):
        """The same scope seen from inside a string; what names mean there is shared by all strings of the scope."""
        view = View(self.scope, source, True)
        if self.from_string is None:
            self.from_string = self.known if self.string else {}
        view.known = view.from_string = self.from_string
        return view


UNKNOWN = object()


class Thing:
    """What a name means. `kind`: class, model, module, alias, member, external, builtin or missing."""
    __slots__ = ("kind", "name", "value", "where", "view", "loose", "is_type_statement", "role")

    def __init__(self, kind, name, value=None, view=None, loose=False):
        self.kind, self.name, self.value, self.view, self.loose = kind, name, value, view, loose
        self.where, self.is_type_statement, self.role = "module", False, UNKNOWN

    def seen(self, where):
        """The same thing, seen from elsewhere."""
        if where == self.where:
            return self
        copy = Thing(self.kind, self.name, self.value, self.view, self.loose)
        copy.is_type_statement, copy.where = self.is_type_statement, where
        return copy

    @property
    def model(self):
        return self.value if self.kind == "model" else None

    @property
    def class_(self):
        return self.value.class_ if self.kind == "model" else self.value if self.kind == "class" else None


MISSING = Thing("missing", "")


def normal_name(name):
    return "typing." + name[18:] if name.startswith("typing_extensions.") else name


def pick(bindings, line):
    """The binding that holds at run time when statement `line` begins (None: at the end)."""
    best = None
    for binding in bindings:
        if binding.guarded or line is not None and binding.line >= line:
            continue
        if best is None or best.fallback or not binding.fallback:
            best = binding
    return best


class Program:
    """All modules that were read, and what their names mean."""

    def __init__(self, modules):
        self.modules = modules
        self.shaky = False  # whether a name was looked up that may mean something else on another line
        # What names mean that no given module has: by name the built-in ones, by (module, name, loose) the others.
        self.outside = {}
        self.by_name = {}
        for module in modules:
            self.by_name.setdefault(module.name, []).append(module)
        self.tops = {name.partition(".")[0] for name in self.by_name}
        others = {}
        for module in modules:
            for other in module.other_names:
                if other not in self.by_name:
                    others.setdefault(other, []).append(module)
        self.by_name.update(others)
        self.classes = {}
        for module in modules:
            for found in module.classes:
                self.classes.setdefault(found.name, []).append(found)

    # Lookups: a module, a name, a binding, an expression.

    def module(self, name, importer):
        """The given module of that name; of several the one that is named from the same folder as the importer."""
        same = self.by_name.get(name)
        if not same:
            return None
        return next((module for module in same if module.top == importer.top), same[0])

    def find(self, name, view):
        """(binding or None, where): where is class, function, module, later, type-checking, not-given, builtins,
        elsewhere or missing."""
        scope = view.scope
        if view.string:
            return self.find_from_string(name, scope)
        nearest = True
        while scope.kind != "module":
            if nearest or scope.kind == "function":
                bound = scope.names.get(name)
                if bound:
                    binding = pick(bound, view.line if scope is view.scope else None) or bound[-1]
                    return binding, scope.kind
            nearest = False
            scope = scope.parent
        return self.find_in_module(name, scope, view.line)

    def find_from_string(self, name, scope):
        outer = scope
        while outer.kind != "module":
            outer = outer.parent
        binding, where = self.find_in_module(name, outer, None)
        if where in ("module", "not-given"):
            return binding, where
        while scope.kind != "module":
            if name in scope.names:
                return scope.names[name][-1], scope.kind
            scope = scope.parent
        return binding, where

    def find_in_module(self, name, scope, line):
        bound = scope.names.get(name)
        if bound:
            binding = pick(bound, line)
            if binding:
                return binding, "module"
            binding = pick(bound, None)
            if binding:
                return binding, "later"
            return bound[-1], "type-checking"
        binding, where = self.find_star(name, scope.module, set())
        if binding:
            return binding, where
        if name in BUILTINS:
            return None, "builtins"
        if where:
            return None, where
        return None, "elsewhere" if name in self.classes else "missing"

    def find_star(self, name, module, seen):
        unknown = None
        for target, node, guarded in module.stars:
            where = "type-checking" if guarded else "module"
            given = self.module(target, module)
            if given is None:
                if name in star_names(target):
                    return Binding("from", name, node, (target, name, 0), module.scope, node.lineno, guarded, False), \
                        where
                if target.partition(".")[0] not in STARS:
                    unknown = "not-given"
            elif given.path not in seen and not name.startswith("_"):
                seen.add(given.path)
                bound = given.scope.names.get(name)
                if bound:
                    return pick(bound, None) or bound[-1], where
                binding, deeper = self.find_star(name, given, seen)
                if binding:
                    return binding, where if guarded else deeper
        return None, unknown

    def of_binding(self, binding):
        """What a binding means, aliases followed."""
        if binding.resolved is None:
            binding.resolved = MISSING  # what a circle of aliases means, or one that is too long
            try:
                binding.resolved = self.meaning(binding)
            except RecursionError:
                pass
        return binding.resolved

    def meaning(self, binding):
        kind, module = binding.kind, binding.scope.module
        if kind == "class":
            return class_thing(binding.value)
        if kind == "import":
            return self.module_thing(binding.value, module)
        if kind == "from":
            return self.imported(*binding.value, module)
        dotted = module.name + "." + binding.scope.inside(binding.name)
        if kind == "assign" or kind == "type":
            return self.assigned(binding, dotted)
        return Thing("external", dotted, binding)

    def assigned(self, binding, dotted):
        value = binding.value
        line = binding.line if binding.scope.kind == "module" else None
        view = View(binding.scope, binding.scope.module, False, line)
        if isinstance(value, NAMES) and binding.kind == "assign":
            thing = self.of_expression(value, view)
            if thing.kind != "missing":
                return thing.seen("module")
        elif isinstance(value, ast.Call) and binding.kind == "assign":
            model = model_made_by(self, value, view, binding)
            if model:
                return Thing("model", dotted, model)
        thing = Thing("alias", dotted, value, view)
        thing.is_type_statement = binding.kind == "type"
        return thing

    def imported(self, module_name, name, level, importer):
        given = self.module(module_name, importer)
        if given is None:
            return self.not_given(module_name, name, bool(level) or module_name.partition(".")[0] in self.tops)
        bound = given.scope.names.get(name)
        if bound:
            binding = pick(bound, None) or bound[-1]
        else:
            submodule = self.module(given.name + "." + name, given)
            if submodule:
                return Thing("module", submodule.name, submodule)
            binding, where = self.find_star(name, given, set())
            if binding is None:
                loose = given.is_package or where == "not-given"
                return Thing("external" if loose else "missing", given.name + "." + name, loose=loose)
        return self.of_binding(binding)

    def not_given(self, module_name, name, loose):
        """A name of a module that was not given: the same thing for all who import it."""
        thing = self.outside.get((module_name, name, loose))
        if thing is None:
            thing = Thing("external", normal_name(module_name + "." + name), loose=loose)
            self.outside[module_name, name, loose] = thing
        return thing

    def module_thing(self, name, importer):
        given = self.module(name, importer)
        return Thing("module", given.name if given else name, given)

    def of_expression(self, node, view):
        """What a Name or a dotted name means; MISSING for anything else."""
        kind = type(node)
        if kind is ast.Name:
            thing = view.known.get(node.id)
            if thing is None:
                thing = view.known[node.id] = self.of_name(node.id, view)
            return thing
        if kind is ast.Attribute:
            names = []
            while type(node) is ast.Attribute:
                names.append(node.attr)
                node = node.value
            thing = base = self.of_expression(node, view)
            for name in reversed(names):
                thing = self.attribute(thing, name)
            return thing.seen(base.where)
        return MISSING

    def of_name(self, name, view):
        """What a name means. What means the same everywhere in the file is looked up once; else `shaky` is set."""
        scope = view.scope
        module = scope.module
        if scope.kind != "module" and (name in scope.names or scope.parent.kind != "module"):
            self.shaky = True
            return self.look_up(name, view)
        stable = module.stable_in_strings if view.string else module.stable
        thing = stable.get(name)
        if thing is None:
            thing = self.look_up(name, view)
            bound = module.scope.names.get(name)
            if view.string or not bound or len(bound) == 1 and bound[0].kind == "from" and thing.where == "module":
                stable[name] = thing
            else:
                self.shaky = True
        return thing

    def look_up(self, name, view):
        binding, where = self.find(name, view)
        if binding is not None:
            return self.of_binding(binding).seen(where)
        if where == "builtins":
            return self.built_in(name)
        return Thing("missing", name).seen(where)

    def built_in(self, name):
        thing = self.outside.get(name)
        if thing is None:
            thing = self.outside[name] = Thing("builtin", "builtins." + name).seen("builtins")
        return thing

    def attribute(self, base, name):
        if base.kind == "module":
            if base.value is None:
                return Thing("external", normal_name(base.name + "." + name), loose=base.loose)
            return self.imported(base.value.name, name, 0, base.value)
        if base.kind in ("class", "model"):
            bound = base.class_.own.names.get(name)
            if bound and bound[-1].kind == "class":
                return class_thing(bound[-1].value)
            return Thing("member", base.name + "." + name, (base, name))
        if base.kind in ("external", "builtin"):
            return Thing("external", base.name + "." + name, loose=base.loose)
        return Thing("missing", base.name + "." + name)

    def role(self, thing):
        """The name that Ommi knows it by, or None."""
        if thing.role is UNKNOWN:
            thing.role = self.find_role(thing)
        return thing.role

    def find_role(self, thing):
        last = thing.name.rpartition(".")[2]
        if thing.name.startswith("ommi."):
            return last
        if last in OMMI_NAMES and (thing.kind == "external" and thing.loose or
                                   thing.kind == "missing" and thing.where in ("missing", "not-given")):
            return last
        return None


def class_thing(found):
    if found.model:
        return Thing("model", found.dotted, found.model)
    return Thing("class", found.dotted, found)


def star_names(module):
    if module == "ommi" or module.startswith("ommi."):
        return [name for name, places in PLACES.items() if module in places]
    return STARS.get("typing" if module == "typing_extensions" else module, ())
