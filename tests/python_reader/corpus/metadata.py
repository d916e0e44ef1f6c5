# case: a key and a plain column
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
# expect: Post.id key=true type.exact=int metadata.0.kind=Key metadata.0.effective=true metadata.0.place=[15,18]
# expect: Post.title type.exact=str type.resolved=builtins.str metadata=- key=-

# case: a chain of metadata
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key | Auto | ReferenceTo(User.id)]
# expect: Post.id key=true auto=true metadata.2.kind=ReferenceTo reference.form=field reference.field=id

# case: metadata one by one
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key, Auto, ReferenceTo(User.id)]
# expect: Post.id key=true auto=true reference.resolvable=true

# case: StoreAs
@ommi_model
@dataclass
class Post:
    title: Annotated[str, StoreAs("post_title")]
# expect: Post.title store_as=post_title metadata.0.argument='"post_title"' metadata.0.value=post_title

# case: StoreAs by a constant
COLUMN = "post_title"
@ommi_model
@dataclass
class Post:
    title: Annotated[str, StoreAs(COLUMN)]
# expect: Post.title store_as=post_title metadata.0.argument=COLUMN

# case: FieldType
@ommi_model
@dataclass
class Post:
    rank: Annotated[int | None, FieldType(int)]
# expect: Post.rank field_type.exact=int type.optional=pipe type.exact=other type.inner=builtins.int

# case: composite key
@ommi_model
@dataclass
class Membership:
    user: Annotated[int, Key, ReferenceTo(User.id)]
    group: Annotated[int, Key]
# expect: Membership.user key=true
# expect: Membership.group key=true

# case: an alias with a key
Pk = Annotated[int, Key]
@ommi_model
@dataclass
class Post:
    id: Pk
# expect: Post.id key=true type.exact=int type.alias=models.Pk metadata.0.effective=true

# case: an alias in quotes
Pk = Annotated[int, Key]
@ommi_model
@dataclass
class Post:
    id: "Pk"
# expect: Post.id key=true type.exact=int quoted=true

# case: nested Annotated
Text = Annotated[str, StoreAs("a")]
@ommi_model
@dataclass
class Post:
    body: Annotated[Text, Key]
# expect: Post.body store_as=a key=true type.exact=str metadata.0.kind=StoreAs metadata.1.kind=Key

# case: an alias of metadata
PK = Key | Auto
@ommi_model
@dataclass
class Post:
    id: Annotated[int, PK]
# expect: Post.id key=true auto=true

# case: metadata that is not Ommi's
@ommi_model
@dataclass
class Post:
    id: Annotated[int, "documentation", Key]
# expect: Post.id key=true metadata.0.kind=unknown metadata.0.text='"documentation"'

# case: Key is called
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key()]
# expect: Post.id key=- metadata.0.effective=false metadata.0.why_lost=called

# case: metadata inside Optional
@ommi_model
@dataclass
class Post:
    user_id: Optional[Annotated[int, ReferenceTo(User.id)]] = None
# expect: Post.user_id reference=- metadata.0.effective=false metadata.0.why_lost=inside-optional
# expect: Post.user_id metadata.0.reference.field=id type.optional=Optional

# case: metadata and or None
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key] | None
# expect: Post.id key=- metadata.0.why_lost=union-none

# case: metadata inside Union
@ommi_model
@dataclass
class Post:
    id: Union[Annotated[int, Key], None]
# expect: Post.id key=- metadata.0.why_lost=union-none type.optional=Union

# case: metadata inside list
@ommi_model
@dataclass
class Post:
    ids: list[Annotated[int, Key]]
# expect: Post.ids key=- metadata.0.why_lost=inside-other

# case: metadata inside ClassVar
@ommi_model
@dataclass
class Post:
    id: ClassVar[Annotated[int, Key]] = 1
# expect: Post.id key=- class_var=true metadata.0.why_lost=inside-other

# case: a second StoreAs
@ommi_model
@dataclass
class Post:
    title: Annotated[str, StoreAs("a"), StoreAs("b")]
# expect: Post.title store_as=a metadata.1.effective=false metadata.1.why_lost=second

# case: a second ReferenceTo
@ommi_model
@dataclass
class Post:
    user: Annotated[int, ReferenceTo(User.id) | ReferenceTo(User.name)]
# expect: Post.user reference.field=id metadata.1.why_lost=second metadata.1.reference.field=name

# case: a second FieldType
@ommi_model
@dataclass
class Post:
    rank: Annotated[int, FieldType(str), FieldType(float)]
# expect: Post.rank field_type.exact=str metadata.1.why_lost=second

# case: a quoted Annotated
@ommi_model
@dataclass
class Post:
    id: "Annotated[int, Key]"
# expect: Post.id quoted=true type.exact=stringified key=true metadata.0.place=[16,19]

# case: quotes around Annotated inside Optional
@ommi_model
@dataclass
class Post:
    id: Optional["Annotated[int, Key]"]
# expect: Post.id key=- metadata.0.why_lost=inside-optional

# case: Optional inside Annotated
@ommi_model
@dataclass
class Post:
    user_id: Annotated[Optional[int], ReferenceTo(User.id)]
# expect: Post.user_id reference.field=id type.optional=Optional type.inner=builtins.int type.exact=other

# case: future annotations keep metadata
# future
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
# expect: Post.id key=true type.exact=stringified stringified=true
# expect: Post.title type.exact=stringified stringified=true

# case: modules by their names
# prelude: none
import typing as t
import ommi as o
import dataclasses
from ommi.models import field_metadata as meta
@o.ommi_model
@dataclasses.dataclass
class Post:
    id: t.Annotated[int, o.Key | meta.ReferenceTo("Post.id")]
# expect: Post library=dataclass decorator.form=bare
# expect: Post.id key=true reference.form=string-field reference.resolvable=true

# case: typing_extensions
# prelude: none
from typing_extensions import Annotated
from ommi import Key, ommi_model
@ommi_model
class Post:
    id: Annotated[int, Key]
# expect: Post.id key=true type.exact=int

# case: star imports
# prelude: none
from typing import *
from dataclasses import *
from ommi.models.field_metadata import *
from ommi.models import *
@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
# expect: Post library=dataclass
# expect: Post.id key=true

# case: imported in try
# prelude: none
try:
    from typing import Annotated
except ImportError:
    from typing_extensions import Annotated
from ommi import Key, ommi_model
@ommi_model
class Post:
    id: Annotated[int, Key]
# expect: Post.id key=true

# case: a foreign Key is not Ommi's
# prelude: none
from typing import Annotated
from keys import Key
from ommi import ommi_model
@ommi_model
class Post:
    id: Annotated[int, Key]
# expect: Post.id key=- metadata.0.kind=unknown metadata.0.resolved=keys.Key
