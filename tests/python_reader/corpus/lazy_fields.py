# case: to-one, the target already defined
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
# expect: Post.author lazy.form=right lazy.kind=one lazy.seen_by_ommi=true lazy.target.resolved=models.User
# expect: Post.author lazy.target.is_model=true lazy.target.reached=true lazy.target.where=module quoted=-

# case: to-one, the whole annotation quoted
@ommi_model
@dataclass
class Post:
    author: "LazyLoadTheRelated[User]"
# expect: Post.author lazy.form=quoted-whole lazy.seen_by_ommi=true quoted=true lazy.target.text=User
# expect: Post.author lazy.target.place=[20,24] lazy.target.is_model=true

# case: to-many, the target defined later, whole annotation quoted
@ommi_model
@dataclass
class Author:
    posts: "LazyLoadEveryRelated[Post]"
@ommi_model
@dataclass
class Post:
    id: int
# expect: Author.posts lazy.form=quoted-whole lazy.kind=every lazy.target.where=module lazy.target.reached=true

# case: to-many, the target defined later, not quoted
@ommi_model
@dataclass
class Author:
    posts: LazyLoadEveryRelated[Post]
@ommi_model
@dataclass
class Post:
    id: int
# expect: Author.posts lazy.form=right lazy.target.where=later lazy.target.reached=- lazy.target.is_model=true

# case: a class refers to itself without quotes
@ommi_model
@dataclass
class Node:
    id: int
    parent: LazyLoadTheRelated[Node]
# expect: Node.parent lazy.target.where=later lazy.target.reached=-

# case: a class refers to itself in quotes
@ommi_model
@dataclass
class Node:
    id: int
    parent_id: Annotated[int, ReferenceTo("Node.id")]
    parent: "LazyLoadTheRelated[Node]"
    children: "LazyLoadEveryRelated[Node]"
# expect: Node.parent lazy.target.reached=true lazy.kind=one
# expect: Node.children lazy.target.resolved=models.Node lazy.kind=every
# expect: Node.parent_id reference.model.resolved=models.Node reference.resolvable=true

# case: through an association
@ommi_model
@dataclass
class Tag:
    id: int
@ommi_model
@dataclass
class UserTag:
    user: int
@ommi_model
@dataclass
class Owner:
    tags: LazyLoadEveryRelated[Annotated[Tag, AssociateUsing(UserTag)]]
# expect: Owner.tags lazy.form=right lazy.target.resolved=models.Tag lazy.target.association.position=0
# expect: Owner.tags lazy.target.association.resolved=models.UserTag lazy.target.association.first_metadata=true
# expect: Owner.tags lazy.target.association.is_string=false lazy.target.association.is_model=true

# case: through an association, the whole annotation quoted, all defined later
@ommi_model
@dataclass
class Owner:
    tags: "LazyLoadEveryRelated[Annotated[Tag, AssociateUsing(UserTag)]]"
@ommi_model
@dataclass
class Tag:
    id: int
@ommi_model
@dataclass
class UserTag:
    user: int
# expect: Owner.tags lazy.form=quoted-whole lazy.target.reached=true lazy.target.association.reached=true
# expect: Owner.tags lazy.target.association.text=UserTag lazy.target.association.call=AssociateUsing(UserTag)

# case: to-one through an association
@ommi_model
@dataclass
class Link:
    user: int
@ommi_model
@dataclass
class Owner:
    main: LazyLoadTheRelated[Annotated[User, AssociateUsing(Link)]]
# expect: Owner.main lazy.kind=one lazy.target.association.resolved=models.Link

# case: the association is not the first metadata
@ommi_model
@dataclass
class Link:
    user: int
@ommi_model
@dataclass
class Owner:
    users: LazyLoadEveryRelated[Annotated[User, "documentation", AssociateUsing(Link)]]
# expect: Owner.users lazy.target.association.position=1 lazy.target.association.first_metadata=false

# case: the association is a string
@ommi_model
@dataclass
class Owner:
    users: LazyLoadEveryRelated[Annotated[User, AssociateUsing("Link")]]
@ommi_model
@dataclass
class Link:
    user: int
# expect: Owner.users lazy.target.association.is_string=true lazy.target.association.text=Link

# case: the association does not exist yet
@ommi_model
@dataclass
class Owner:
    users: LazyLoadEveryRelated[Annotated[User, AssociateUsing(Link)]]
@ommi_model
@dataclass
class Link:
    user: int
# expect: Owner.users lazy.target.association.where=later lazy.target.association.reached=-

# case: an association that is not a model
class Link:
    user: int
@ommi_model
@dataclass
class Owner:
    users: LazyLoadEveryRelated[Annotated[User, AssociateUsing(Link)]]
# expect: Owner.users lazy.target.association.is_model=- lazy.target.association.is_class=true

# case: inner quotes
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated["User"]
# expect: Post.author lazy.form=quoted-inner lazy.seen_by_ommi=true lazy.target.text=User lazy.target.quoted=true
# expect: Post.author lazy.target.resolved=models.User quoted=-

# case: quotes inside quotes
@ommi_model
@dataclass
class Post:
    author: "LazyLoadTheRelated['User']"
# expect: Post.author lazy.form=quoted-inner quoted=true lazy.target.resolved=models.User

# case: inner quotes inside an association
@ommi_model
@dataclass
class Link:
    user: int
@ommi_model
@dataclass
class Owner:
    users: LazyLoadEveryRelated[Annotated["User", AssociateUsing(Link)]]
# expect: Owner.users lazy.form=quoted-inner lazy.target.quoted=true lazy.target.association.first_metadata=true

# case: bare to-one
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated
# expect: Post.author lazy.form=bare lazy.kind=one lazy.seen_by_ommi=- lazy.target=- type.exact=other

# case: bare to-many in quotes
@ommi_model
@dataclass
class Post:
    readers: "LazyLoadEveryRelated"
# expect: Post.readers lazy.form=bare lazy.kind=every quoted=true

# case: Optional around a lazy field
@ommi_model
@dataclass
class Post:
    author: Optional[LazyLoadTheRelated[User]] = None
# expect: Post.author lazy.form=optional lazy.wrapper=optional lazy.seen_by_ommi=- lazy.target.resolved=models.User
# expect: Post.author default=None default_kind=none lazy.text="LazyLoadTheRelated[User]" lazy.place=[9,33]

# case: Optional in quotes
@ommi_model
@dataclass
class Post:
    author: "Optional[LazyLoadTheRelated[User]]" = None
# expect: Post.author lazy.form=optional quoted=true

# case: Optional around quotes
@ommi_model
@dataclass
class Post:
    author: Optional["LazyLoadTheRelated[User]"] = None
# expect: Post.author lazy.form=optional quoted=- lazy.target.text=User

# case: or None
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User] | None = None
# expect: Post.author lazy.form=union-none lazy.seen_by_ommi=- type.optional=pipe

# case: None first, in quotes
@ommi_model
@dataclass
class Post:
    author: "None | LazyLoadTheRelated[User]" = None
# expect: Post.author lazy.form=union-none

# case: Union with None
@ommi_model
@dataclass
class Post:
    author: Union[LazyLoadTheRelated[User], None] = None
# expect: Post.author lazy.form=union-none type.optional=Union

# case: Annotated around a lazy field
@ommi_model
@dataclass
class Post:
    author: Annotated[LazyLoadTheRelated[User], "who wrote it"]
# expect: Post.author lazy.form=annotated-wrapped lazy.seen_by_ommi=- lazy.target.resolved=models.User

# case: a list of lazy fields
@ommi_model
@dataclass
class Post:
    authors: list[LazyLoadTheRelated[User]]
# expect: Post.authors lazy.form=other lazy.seen_by_ommi=-

# case: a ClassVar of a lazy field
@ommi_model
@dataclass
class Post:
    author: ClassVar[LazyLoadTheRelated[User]]
# expect: Post.author lazy.form=other class_var=true

# case: a lazy type that is not imported
# prelude: none
from ommi import ommi_model
@ommi_model
class Post:
    author: "LazyLoadTheRelated[User]"
# expect: Post.author lazy.form=not-imported lazy.import_where=missing lazy.seen_by_ommi=-

# case: a lazy type imported for type checkers only
# prelude: none
from typing import TYPE_CHECKING
from ommi import ommi_model
if TYPE_CHECKING:
    from ommi.models.query_fields import LazyLoadTheRelated
@ommi_model
class Post:
    author: "LazyLoadTheRelated[Post]"
# expect: Post.author lazy.form=not-imported lazy.import_where=type-checking

# case: a target inside Optional
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[Optional[User]]
# expect: Post.author lazy.form=right lazy.target.wrapped=optional lazy.target.resolved=models.User

# case: a target inside list
@ommi_model
@dataclass
class Reader:
    posts: "LazyLoadEveryRelated[list[User]]"
# expect: Reader.posts lazy.target.wrapped=list lazy.target.is_model=true

# case: a target or None
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User | None]
# expect: Post.author lazy.target.wrapped=union lazy.target.text=User

# case: a target that is not a model
class Plain:
    id: int
@ommi_model
@dataclass
class Post:
    plain: LazyLoadTheRelated[Plain]
# expect: Post.plain lazy.target.is_model=- lazy.target.is_class=true lazy.target.resolved=models.Plain

# case: a target that does not exist
@ommi_model
@dataclass
class Post:
    author: "LazyLoadTheRelated[Usr]"
# expect: Post.author lazy.target.where=missing lazy.target.closest=User lazy.target.resolved=-

# case: an alias of the lazy type
from ommi.models.query_fields import LazyLoadTheRelated as One
@ommi_model
@dataclass
class Post:
    author: One[User]
# expect: Post.author lazy.form=right lazy.kind=one

# case: the lazy type by a module
import ommi.models.query_fields as lazies
@ommi_model
@dataclass
class Post:
    author: "lazies.LazyLoadTheRelated[User]"
# expect: Post.author lazy.form=quoted-whole lazy.target.text=User lazy.target.place=[27,31]

# case: an assigned name for the lazy type
Many = LazyLoadEveryRelated
@ommi_model
@dataclass
class Post:
    authors: Many[User]
# expect: Post.authors lazy.form=right lazy.kind=every

# case: an alias of the whole annotation
Author = LazyLoadTheRelated[User]
@ommi_model
@dataclass
class Post:
    author: Author
# expect: Post.author lazy.form=right lazy.alias=models.Author lazy.target.is_model=true

# case: the target is an alias of a model
Person = User
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[Person]
# expect: Post.author lazy.target.resolved=models.User lazy.target.text=Person

# case: defaults of lazy fields
@ommi_model
@dataclass
class Post:
    author: "LazyLoadTheRelated[User]" = None
    reader: "LazyLoadTheRelated[User]" = field(default_factory=LazyLoadTheRelated)
    critic: "LazyLoadTheRelated[User]"
# expect: Post.author default_kind=none
# expect: Post.reader default_kind=factory
# expect: Post.critic default_kind=- default=-

# case: future annotations
# future
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
# expect: Post.author lazy.form=quoted-whole quoted=- stringified=true lazy.target.place=[19,23]

# case: quotes with future annotations
# future
@ommi_model
@dataclass
class Post:
    author: "LazyLoadTheRelated[User]"
# expect: Post.author lazy.form=double-quoted lazy.seen_by_ommi=-

# case: future annotations and inner quotes
# future
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated["User"]
# expect: Post.author lazy.form=quoted-inner

# case: a quoted annotation over several lines
@ommi_model
@dataclass
class Post:
    author: """
        LazyLoadTheRelated[User]
    """
# expect: Post.author lazy.form=quoted-whole lazy.target.resolved=models.User

# case: quotes that hold no expression
@ommi_model
@dataclass
class Post:
    author: "LazyLoadTheRelated["
# expect: Post.author lazy=- quoted=true type.exact=other

# case: a model that is local to a function
def make():
    @ommi_model
    @dataclass
    class Author:
        posts: "LazyLoadEveryRelated[Post]"
    @ommi_model
    @dataclass
    class Post:
        author: LazyLoadTheRelated[Author]
# expect: Author.posts lazy.target.where=function lazy.target.reached=- lazy.target.is_model=true
# expect: Post.author lazy.target.where=function lazy.target.reached=true
# expect: Author local_to_function=true qualname=make.Author

# case: a target that is nested in a class
class Outer:
    @ommi_model
    @dataclass
    class Inner:
        id: int
@ommi_model
@dataclass
class Post:
    inner: LazyLoadTheRelated[Outer.Inner]
# expect: Post.inner lazy.target.resolved=models.Outer.Inner lazy.target.is_model=true
# expect: Inner qualname=Outer.Inner

# case: columns of characters, not of bytes
@ommi_model
@dataclass
class Größe:
    größter: "LazyLoadTheRelated[User]"
# expect: Größe.größter place.1=5 annotation_place.1=14 lazy.target.place=[20,24]
