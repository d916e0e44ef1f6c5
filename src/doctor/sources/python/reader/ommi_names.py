"""The names of Ommi, of the libraries that make its models' classes, and what each stands for."""

METADATA = "ommi.models.field_metadata"
LAZY = "ommi.models.query_fields"
RESULTS = "ommi.database.results"
QUERY_RESULTS = "ommi.database.query_results"
# Where Ommi 0.2 offers each name.
PLACES = {
    **dict.fromkeys(("ommi_model", "OmmiModel"), ("ommi", "ommi.models", "ommi.models.models")),
    **dict.fromkeys(("Key", "Auto", "StoreAs", "FieldType"), ("ommi", METADATA)),
    **dict.fromkeys(("ReferenceTo", "create_metadata_flag", "create_metadata_type", "AggregateMetadata",
                     "FieldMetadata", "MetadataFlag"), (METADATA,)),
    **dict.fromkeys(("LazyLoadTheRelated", "LazyLoadEveryRelated", "AssociateUsing", "AssociateOnReference",
                     "LazyQueryField", "QueryStrategy"), (LAZY,)),
    **dict.fromkeys(("ModelCollection", "get_global_collection"), ("ommi.models.collections",)),
    **dict.fromkeys(("Ommi", "DBResult", "DBQueryResult", "OmmiTransaction"), ("ommi", "ommi.database")),
    **dict.fromkeys(("DBStatusNoResultException", "DBSuccess", "DBFailure", "DBResultBuilder"), (RESULTS,)),
    **dict.fromkeys(("DBQuerySuccess", "DBQueryFailure", "DBQueryResultBuilder", "WrapInResult",
                     "DBEmptyQueryException"), (QUERY_RESULTS,)),
    **dict.fromkeys(("use_driver", "active_driver"), ("ommi", "ommi.driver_context")),
    **dict.fromkeys(("UseDriver", "get_current_driver"), ("ommi.driver_context",)),
    "when": ("ommi.query_ast",),
    **dict.fromkeys(("SQLiteDriver", "SQLiteSettings", "SQLiteTransaction"), ("ommi.ext.drivers.sqlite",)),
    **dict.fromkeys(("PostgreSQLDriver", "PostgreSQLSettings", "PostgreSQLTransaction"),
                    ("ommi.ext.drivers.postgresql",)),
    **dict.fromkeys(("MongoDBDriver", "MongoDBSettings", "MongoDBTransaction"), ("ommi.ext.drivers.mongodb",)),
}
OLD_NAMES = {"DatabaseResult", "AsyncResultWrapper", "SQLiteConfig", "PostgreSQLConfig", "MongoDBConfig",
             "DatabaseStatus"}
OLD_METHODS = {"from_config", "raise_on_errors", "create_models", "setup_on", "remove_from", "value_or",
               "fetch_related"}
OMMI_NAMES = set(PLACES) | {"BaseDriver"}
LAZY_KINDS = {"LazyLoadTheRelated": "one", "LazyLoadEveryRelated": "every"}
METADATA_KINDS = {"Key", "Auto", "StoreAs", "FieldType", "ReferenceTo"}
DRIVERS = {"SQLiteDriver", "PostgreSQLDriver", "MongoDBDriver", "BaseDriver"}
SETTINGS = {"SQLiteSettings", "PostgreSQLSettings", "MongoDBSettings"}
ACTIVE_RECORD = {"fetch", "count", "save", "reload", "delete"}
LAZY_API = {"get_result", "or_use", "refresh", "refresh_if_needed"}
OLD_LAZY_API = {"value", "get", "result"}

LIBRARIES = {
    "dataclasses.dataclass": "dataclass",
    "pydantic.dataclasses.dataclass": "pydantic-dataclass",
    **dict.fromkeys(("attrs.define", "attrs.frozen", "attrs.mutable", "attr.s", "attr.attrs", "attr.define",
                     "attr.frozen", "attr.mutable", "attr.dataclass"), "attrs"),
}
FROZEN_DECORATORS = {"attrs.frozen", "attr.frozen"}
PYDANTIC_BASES = {"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic_settings.BaseSettings"}
PLAIN_MODULES = {"datetime", "decimal", "uuid"}
NEUTRAL_BASES = {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"}
FIELD_CALLS = {"dataclasses.field", "attrs.field", "attr.field", "attr.ib", "attr.attrib", "pydantic.Field",
               "pydantic.fields.Field"}
# What `from x import *` brings, for the modules that models use.
STARS = {
    "typing": {"Annotated", "Any", "ClassVar", "Dict", "Final", "List", "NewType", "Optional", "Set", "Tuple",
               "TYPE_CHECKING", "Union"},
    "dataclasses": {"dataclass", "field", "InitVar", "KW_ONLY"},
    "pydantic": {"BaseModel", "ConfigDict", "Field"},
    "attrs": {"define", "field", "frozen", "mutable"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "decimal": {"Decimal"},
    "uuid": {"UUID"},
    "enum": {"Enum", "IntEnum", "Flag", "IntFlag"},
}
BUILTINS = frozenset(dir(builtins))
EXACT = {"builtins.int": "int", "builtins.str": "str", "builtins.float": "float", "builtins.bool": "bool"}
INT_CLASSES = {"builtins.int", "builtins.bool", "enum.IntEnum", "enum.IntFlag"}
CLASS_NAMES = re.compile(r"builtins\.[a-z]+\Z|datetime\.(datetime|date|time|timedelta)\Z|decimal\.Decimal\Z|"
                         r"uuid\.UUID\Z|pathlib\.\w*Path\Z|enum\.\w+\Z|fractions\.Fraction\Z")
