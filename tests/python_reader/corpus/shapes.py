# case: bare decorator
@ommi_model
@dataclass
class Post:
    id: int
# expect: Post decorator.form=bare decorator.order=outermost library=dataclass table.name=Post table.origin=class-name

# case: called decorator
@ommi_model()
@dataclass
class Post:
    id: int
# expect: Post decorator.form=called decorator.collection=-

# case: a collection
shop = ModelCollection()
@ommi_model(collection=shop)
@dataclass
class Post:
    id: int
# expect: Post decorator.collection.text=shop decorator.collection.resolved=models.shop
# expect: collections.0 name=shop kind=new resolved=models.shop

# case: the global collection
everything = get_global_collection()
@ommi_model(collection=everything)
@dataclass
class Post:
    id: int
# expect: collections.0 kind=global

# case: a collection by position
shop = ModelCollection()
@ommi_model(shop)
@dataclass
class Post:
    id: int
# expect: Post decorator.positional=shop decorator.form=called

# case: ommi_model as a function
@dataclass
class PostData:
    id: int
Post = ommi_model(PostData)
# expect: PostData bound_as=Post decorator.form=function table.name=PostData library=dataclass
# expect: PostData.id type.exact=int

# case: ommi_model as a function with a collection
shop = ModelCollection()
@dataclass
class PostData:
    id: int
Post = ommi_model(collection=shop)(PostData)
@ommi_model
@dataclass
class Comment:
    post_id: Annotated[int, ReferenceTo(Post.id)]
    wrong_id: Annotated[int, ReferenceTo(PostData.id)]
# expect: PostData decorator.collection.resolved=models.shop
# expect: Comment.post_id reference.resolvable=true
# expect: Comment.wrong_id reference.resolvable=false reference.why=not-a-model

# case: an alias of the decorator
model = ommi_model
@model
@dataclass
class Post:
    id: int
# expect: Post decorator.form=bare

# case: a prepared decorator
shop = ModelCollection()
model = ommi_model(collection=shop)
@model
@dataclass
class Post:
    id: int
# expect: Post decorator.form=called decorator.collection.text=shop

# case: decorators in the wrong order
@dataclass
@ommi_model
class Post:
    id: int
# expect: Post decorator.order=inner decorators.0.resolved=dataclasses.dataclass library=dataclass

# case: a plain class
@ommi_model
class Post:
    id: int
# expect: Post library=plain defines_init=-

# case: a plain class with its own __init__
@ommi_model
class Post:
    id: int
    def __init__(self, id):
        self.id = id
# expect: Post library=plain defines_init=true

# case: a frozen dataclass with slots
@ommi_model
@dataclass(frozen=True, slots=True)
class Post:
    id: int
# expect: Post frozen=true slots=true library=dataclass

# case: a dataclass without __init__
@ommi_model
@dataclass(init=False)
class Post:
    id: int
# expect: Post init_disabled=true

# case: attrs define
import attrs
@ommi_model
@attrs.define
class Post:
    id: Annotated[int, Key]
    name: str = attrs.field(default=None)
    tags: list = attrs.field(factory=list)
# expect: Post library=attrs frozen=-
# expect: Post.name default_kind=none
# expect: Post.tags default_kind=factory

# case: attrs frozen
from attrs import frozen
@ommi_model
@frozen
class Post:
    id: int
# expect: Post library=attrs frozen=true

# case: attrs define with frozen
from attrs import define
@ommi_model
@define(frozen=True)
class Post:
    id: int
# expect: Post library=attrs frozen=true

# case: attr.s
import attr
@ommi_model
@attr.s(auto_attribs=True)
class Post:
    id: int
# expect: Post library=attrs

# case: pydantic
from pydantic import BaseModel, Field
@ommi_model
class Post(BaseModel):
    id: Annotated[int, Key]
    title: str = Field(default="")
    body: str = Field(...)
# expect: Post library=pydantic frozen=- bases.0.resolved=pydantic.BaseModel
# expect: Post.title default_kind=field
# expect: Post.body default_kind=field-without-default

# case: pydantic frozen by ConfigDict
from pydantic import BaseModel, ConfigDict
@ommi_model
class Post(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: int
# expect: Post frozen=true fields.0.name=id

# case: pydantic frozen by class argument
from pydantic import BaseModel
@ommi_model
class Post(BaseModel, frozen=True):
    id: int
# expect: Post frozen=true library=pydantic

# case: pydantic frozen by Config
from pydantic import BaseModel
@ommi_model
class Post(BaseModel):
    class Config:
        frozen = True
    id: int
# expect: Post frozen=true

# case: pydantic through a base of one's own
import pydantic
class Base(pydantic.BaseModel):
    created: str
@ommi_model
class Post(Base):
    id: int
# expect: Post library=pydantic bases.0.is_given=true bases.0.fields_dropped.0.name=created

# case: a base that is not given
from somewhere import Base
@ommi_model
class Post(Base):
    id: int
# expect: Post library=unknown bases.0.resolved=somewhere.Base bases.0.is_given=-

# case: an unknown decorator
from tools import record
@ommi_model
@record
class Post:
    id: int
# expect: Post library=unknown

# case: the class is a dataclass only by its base
@dataclass
class Base:
    id: int
@ommi_model
class Post(Base):
    title: str
# expect: Post library=plain library_of_base=dataclass

# case: fields of bases are dropped
@dataclass
class Base:
    id: Annotated[int, Key]
    user_id: Annotated[int, ReferenceTo(User.id)]
    user: "LazyLoadTheRelated[User]"
@ommi_model
@dataclass
class Post(Base):
    id: Annotated[int, Key]
    title: str
# expect: Post bases.0.fields_dropped.0.name=user_id bases.0.fields_dropped.0.reference=true bases.0.is_model=-
# expect: Post bases.0.fields_dropped.1.name=user bases.0.fields_dropped.1.lazy=true bases.0.fields_dropped.2=-
# expect: Post bases.0.fields_dropped.0.class=models.Base

# case: fields of the base's base
class Root:
    created: str
class Base(Root):
    updated: str
@ommi_model
@dataclass
class Post(Base):
    id: int
# expect: Post bases.0.fields_dropped.0.name=updated bases.0.fields_dropped.1.name=created

# case: a base that is a model
@ommi_model
@dataclass
class Base:
    id: int
@ommi_model
@dataclass
class Post(Base):
    title: str
# expect: Post bases.0.is_model=true bases.0.fields_dropped.0.is_model=true

# case: a generic base
from typing import Generic, TypeVar
T = TypeVar("T")
class Base(Generic[T]):
    pass
@ommi_model
@dataclass
class Post(Base[int]):
    id: int
# expect: Post bases.0.resolved=models.Base bases.0.text=Base[int]

# case: classes that inherit in a circle
class A(B):
    x: int
class B(A):
    y: int
@ommi_model
@dataclass
class Post(A):
    id: int
# expect: Post bases.0.fields_dropped.0.name=x

# case: a table of its own
@ommi_model
@dataclass
class Post:
    __ommi_model_name__ = "posts"
    id: int
# expect: Post table.name=posts table.origin=own table.annotated=- fields.0.name=id

# case: an inherited table
@ommi_model
@dataclass
class Base:
    __ommi_model_name__ = "things"
    id: int
@ommi_model
@dataclass
class Post(Base):
    title: str
# expect: Post table.name=things table.origin=inherited table.from=models.Base

# case: an annotated table name
@ommi_model
@dataclass
class Post:
    __ommi_model_name__: str = "posts"
    id: int
# expect: Post table.annotated=true table.name=posts fields.0.name=__ommi_model_name__
# expect: Post.__ommi_model_name__ private=true

# case: a table named by a constant
NAME = "posts"
@ommi_model
@dataclass
class Post:
    __ommi_model_name__ = NAME
    id: int
# expect: Post table.name=posts

# case: a table name that is computed
@ommi_model
@dataclass
class Post:
    __ommi_model_name__ = "post" + "s"
    id: int
# expect: Post table.name=- table.text='"post" + "s"'

# case: a model for type checkers only
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    @ommi_model
    class Ghost:
        id: int
# expect: Ghost type_checking_only=true

# case: no fields
@ommi_model
@dataclass
class Empty:
    pass
# expect: Empty fields=-

# case: a class without the decorator is no model
@dataclass
class Plain:
    id: int
# expect: models.1 name=-

# case: a decorator of that name that is not Ommi's
# prelude: none
from elsewhere import ommi_model
@ommi_model
class Post:
    id: int
# expect: models.0 name=-

# case: a decorator that a module of the same package hands on
# file: app/__init__.py
# file: app/models.py
from .base import ommi_model
@ommi_model
class Post:
    id: int
# expect: Post decorator.form=bare

# case: re-exports
# file: app/__init__.py
from .base import *
from .users import User as Person
# file: app/base.py
from ommi import ommi_model
from ommi.models.query_fields import LazyLoadTheRelated as One
# file: app/users.py
from app import ommi_model
@ommi_model
class User:
    id: int
# file: app/posts.py
from app import One, Person, ommi_model
@ommi_model
class Post:
    author: One[Person]
# expect: Post.author lazy.form=right lazy.target.resolved=app.users.User lazy.target.is_model=true

# case: the same model twice in a file
@ommi_model
@dataclass
class Post:
    id: int
@ommi_model
@dataclass
class Post:
    id: int
# expect: duplicates.0 kind=redefined name=models.Post places.1.line=21

# case: the same model in two files
# file: a.py
from ommi import ommi_model
@ommi_model
class Post:
    id: int
# file: b.py
from ommi import ommi_model
@ommi_model
class Post:
    id: int
# expect: duplicates.0 kind=same-name name=Post places.0.module=a places.1.module=b

# case: a module under two names
# file: app/__init__.py
# file: app/models.py
from ommi import ommi_model
@ommi_model
class Post:
    id: int
# file: app/one.py
from app.models import Post
# file: app/two.py
from models import Post
# expect: duplicates.0 kind=module-two-names name=app.models places.0.as=app.models places.1.as=models

# case: circular imports
# file: a.py
import b
# file: b.py
from a import x
# file: c.py
import a
# expect: cycles.0 modules.0=a modules.1=b modules.2=- imports.0.to=b imports.1.line=1
# expect: cycles.1 modules=-

# case: imports for type checkers and in functions make no circle
# file: a.py
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import b
# file: b.py
import a
def late():
    import a
# expect: cycles.0 modules=-

# case: a module beside the given ones that does not exist
# file: app/__init__.py
# file: app/models.py
from app.missing import Thing
from .gone import Other
# expect: imports_not_given.0 module=app.missing name=Thing
# expect: imports_not_given.1 module=app.gone

# case: a model defined again under its own name by a function
@dataclass
class Post:
    id: int
Post = ommi_model(Post)
@ommi_model
@dataclass
class Comment:
    post: LazyLoadTheRelated[Post]
# expect: Post bound_as=Post decorator.form=function
# expect: Comment.post lazy.target.is_model=true lazy.target.where=module
