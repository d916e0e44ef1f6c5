# case: the four exact types
@ommi_model
@dataclass
class Row:
    a: int
    b: str
    c: float
    d: bool
# expect: Row.a type.exact=int type.int_subclass=true type.is_class=true
# expect: Row.b type.exact=str type.int_subclass=-
# expect: Row.c type.exact=float
# expect: Row.d type.exact=bool type.int_subclass=true

# case: Optional
@ommi_model
@dataclass
class Row:
    a: Optional[int]
# expect: Row.a type.exact=other type.optional=Optional type.resolved=typing.Optional[builtins.int] type.is_class=false

# case: or None
@ommi_model
@dataclass
class Row:
    a: int | None = None
# expect: Row.a type.exact=other type.optional=pipe type.inner=builtins.int type.place=[0,3]

# case: Union with None
@ommi_model
@dataclass
class Row:
    a: Union[None, int]
# expect: Row.a type.optional=Union type.inner=builtins.int

# case: a union of two types
@ommi_model
@dataclass
class Row:
    a: int | str
# expect: Row.a type.exact=other type.optional=- type.is_class=false type.resolved="builtins.int | builtins.str"

# case: quoted built-in types
@ommi_model
@dataclass
class Row:
    a: "int"
    b: "Optional[int]"
# expect: Row.a type.exact=stringified quoted=true type.is_class=true type.int_subclass=-
# expect: Row.b type.exact=stringified type.optional=Optional

# case: types of the library
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
@ommi_model
@dataclass
class Row:
    a: datetime
    b: date
    c: Decimal
    d: UUID
    e: bytes
# expect: Row.a type.exact=other type.resolved=datetime.datetime type.is_class=true
# expect: Row.b type.resolved=datetime.date
# expect: Row.c type.resolved=decimal.Decimal
# expect: Row.d type.resolved=uuid.UUID
# expect: Row.e type.resolved=builtins.bytes type.exact=other

# case: types by their module
import datetime as dt
@ommi_model
@dataclass
class Row:
    a: dt.datetime
# expect: Row.a type.resolved=datetime.datetime

# case: an alias is the type itself
UserId = int
@ommi_model
@dataclass
class Row:
    a: UserId
    b: "UserId"
# expect: Row.a type.exact=int
# expect: Row.b type.exact=int quoted=true

# case: a NewType
UserId = NewType("UserId", int)
@ommi_model
@dataclass
class Row:
    a: UserId
# expect: Row.a type.exact=other type.is_class=false

# case: a subclass of int
class Number(int):
    pass
class Deeper(Number):
    pass
Renamed = Deeper
@ommi_model
@dataclass
class Row:
    a: Deeper
    b: Renamed
# expect: Row.a type.exact=other type.is_class=true type.int_subclass=true type.text=Deeper
# expect: Row.b type.exact=other type.is_class=true type.int_subclass=true type.text=Renamed type.resolved=models.Deeper

# case: enumerations
from enum import Enum, IntEnum
class Colour(Enum):
    RED = 1
class Level(IntEnum):
    LOW = 1
@ommi_model
@dataclass
class Row:
    a: Colour
    b: Level
# expect: Row.a type.is_class=true type.int_subclass=-
# expect: Row.b type.int_subclass=true type.exact=other

# case: generic types are not classes
@ommi_model
@dataclass
class Row:
    a: list[int]
    b: dict[str, int]
    c: Any
# expect: Row.a type.is_class=false type.resolved=builtins.list[builtins.int]
# expect: Row.b type.resolved="builtins.dict[builtins.str, builtins.int]"
# expect: Row.c type.is_class=false

# case: a type of a module that is not given
from shapes import Circle
@ommi_model
@dataclass
class Row:
    a: Circle
# expect: Row.a type.resolved=shapes.Circle type.is_class=- type.exact=other

# case: ClassVar, InitVar, init=False and private names
from dataclasses import InitVar
@ommi_model
@dataclass
class Row:
    a: ClassVar[int] = 1
    b: InitVar[int]
    c: int = field(init=False, default=0)
    _d: int = 0
# expect: Row.a class_var=true
# expect: Row.b init_var=true
# expect: Row.c init=false default_kind=field
# expect: Row._d private=true default_kind=literal default=0

# case: defaults
@ommi_model
@dataclass
class Row:
    a: int = 5
    b: Optional[int] = None
    c: list = field(default_factory=list)
    d: int = field(kw_only=True)
    e: float = 1 / 3
# expect: Row.a default_kind=literal default=5
# expect: Row.b default_kind=none
# expect: Row.c default_kind=factory
# expect: Row.d default_kind=field-without-default kw_only=true
# expect: Row.e default_kind=expression default="1 / 3"

# case: the order of fields is that of the source
@ommi_model
@dataclass
class Row:
    z: int
    a: str
    z: float
# expect: Row fields.0.name=z fields.1.name=a fields.2=- fields.0.type.exact=float

# case: names without annotation and targets that are no names are no fields
@ommi_model
@dataclass
class Row:
    a = 1
    b: int
    (c): int = 1
    other.d: int = 1
# expect: Row fields.0.name=b fields.1=-

# case: fields under if
@ommi_model
@dataclass
class Row:
    a: int
    if True:
        b: int
# expect: Row.b conditional=true

# case: a PEP 695 alias
# python: 3.12
type UserId = int
type Pk = Annotated[int, Key]
@ommi_model
@dataclass
class Row:
    a: UserId
    b: Pk
# expect: Row.a type.exact=other
# expect: Row.b key=- metadata.0.why_lost=type-statement type.exact=other

# case: a field may have the name of its type
from datetime import date
@ommi_model
@dataclass
class Row:
    date: date
# expect: Row.date type.resolved=datetime.date
