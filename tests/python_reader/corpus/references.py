# case: a field of a model
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(User.id)]
# expect: Post.user_id reference.form=field reference.field=id reference.model.resolved=models.User
# expect: Post.user_id reference.resolvable=true reference.text=User.id reference.place=[27,34] reference.why=-

# case: a string
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo("User.id")]
# expect: Post.user_id reference.form=string-field reference.field=id reference.resolvable=true

# case: a string that names a later model
@ommi_model
@dataclass
class Post:
    author_id: Annotated[int, ReferenceTo("Author.id")]
@ommi_model
@dataclass
class Author:
    id: int
# expect: Post.author_id reference.resolvable=true reference.model.resolved=models.Author

# case: a field of a later model
@ommi_model
@dataclass
class Post:
    author_id: Annotated[int, ReferenceTo(Author.id)]
@ommi_model
@dataclass
class Author:
    id: int
# expect: Post.author_id reference.resolvable=false reference.why=later

# case: a field of the class itself, not quoted
@ommi_model
@dataclass
class Node:
    id: int
    parent: Annotated[int, ReferenceTo(Node.id)]
# expect: Node.parent reference.resolvable=false reference.why=later

# case: a class
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(User)]
# expect: Post.user_id reference.form=class reference.resolvable=false reference.why=class-instead-of-field

# case: a class in quotes
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo("User")]
# expect: Post.user_id reference.form=string-class reference.why=class-instead-of-field
# expect: Post.user_id reference.model.resolved=models.User reference.value=User

# case: a lambda
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(lambda: User.id)]
# expect: Post.user_id reference.form=lambda reference.resolvable=false reference.why=not-a-field

# case: None
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(None)]
# expect: Post.user_id reference.form=none reference.resolvable=false

# case: nothing
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo()]
# expect: Post.user_id reference.form=none reference.why=no-argument

# case: ReferenceTo without a call
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo]
# expect: Post.user_id reference.form=not-called reference.resolvable=false

# case: a number
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(5)]
# expect: Post.user_id reference.form=other reference.why=not-a-field

# case: a typo in the model
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo("Usr.id")]
# expect: Post.user_id reference.why=name-missing reference.closest=User reference.resolvable=false

# case: a typo in the field, in quotes
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo("User.nme")]
# expect: Post.user_id reference.why=no-such-field reference.closest=name reference.field=nme

# case: a typo in the field
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(User.idd)]
# expect: Post.user_id reference.form=field reference.why=no-such-field reference.closest=id

# case: an undecorated class
class Plain:
    id: int = 1
@ommi_model
@dataclass
class Post:
    plain_id: Annotated[int, ReferenceTo(Plain.id)]
# expect: Post.plain_id reference.form=field reference.why=not-a-model reference.model.is_class=true

# case: a lazy field
@ommi_model
@dataclass
class Post:
    id: int
    author: LazyLoadTheRelated[User]
@ommi_model
@dataclass
class Comment:
    post_id: Annotated[int, ReferenceTo(Post.author)]
# expect: Comment.post_id reference.why=lazy-field reference.resolvable=false

# case: an inherited field
class Base:
    id: int
@ommi_model
@dataclass
class Post(Base):
    title: str
@ommi_model
@dataclass
class Comment:
    post_id: Annotated[int, ReferenceTo(Post.id)]
# expect: Comment.post_id reference.why=inherited-field

# case: a field that a base model has
@ommi_model
@dataclass
class Base:
    id: int
@ommi_model
@dataclass
class Post(Base):
    title: str
@ommi_model
@dataclass
class Comment:
    post_id: Annotated[int, ReferenceTo(Post.id)]
# expect: Comment.post_id reference.resolvable=true

# case: a model local to a function, in quotes
def make():
    @ommi_model
    @dataclass
    class Local:
        id: int
    @ommi_model
    @dataclass
    class Post:
        local_id: Annotated[int, ReferenceTo("Local.id")]
        right_id: Annotated[int, ReferenceTo(Local.id)]
# expect: Post.local_id reference.why=function-local reference.resolvable=false
# expect: Post.right_id reference.resolvable=true reference.model.where=function

# case: a constant that holds the text
TARGET = "User.id"
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(TARGET)]
# expect: Post.user_id reference.form=string-field reference.resolvable=true

# case: an assigned field
UserKey = User.id
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(UserKey)]
# expect: Post.user_id reference.form=field reference.field=id reference.resolvable=true

# case: text that is no name
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo("User id")]
    other_id: Annotated[int, ReferenceTo("1 + 1")]
# expect: Post.user_id reference.resolvable=false reference.why=not-a-name
# expect: Post.other_id reference.resolvable=false reference.why=not-a-name

# case: a module that is not given
from accounts import Account
@ommi_model
@dataclass
class Post:
    account_id: Annotated[int, ReferenceTo(Account.id)]
# expect: Post.account_id reference.resolvable=- reference.why=not-given reference.model.resolved=accounts.Account

# case: a quoted annotation with a later model
@ommi_model
@dataclass
class Post:
    author_id: "Annotated[int, ReferenceTo(Author.id)]"
    editor_id: "Annotated[int, ReferenceTo('Author.id')]"
@ommi_model
@dataclass
class Author:
    id: int
# expect: Post.author_id quoted=true reference.form=field reference.resolvable=true
# expect: Post.editor_id reference.form=string-field reference.resolvable=true

# case: in another file, by package and by relative import
# file: shop/__init__.py
# file: shop/users.py
from ommi import ommi_model
from dataclasses import dataclass
@ommi_model
@dataclass
class Customer:
    id: int
# file: shop/orders.py
from typing import Annotated
from dataclasses import dataclass
from ommi import ommi_model
from ommi.models.field_metadata import ReferenceTo
from .users import Customer
import shop.users
@ommi_model
@dataclass
class Order:
    a: Annotated[int, ReferenceTo(Customer.id)]
    b: Annotated[int, ReferenceTo("Customer.id")]
    c: Annotated[int, ReferenceTo(shop.users.Customer.id)]
    d: Annotated[int, ReferenceTo("shop.users.Customer.id")]
    e: Annotated[int, ReferenceTo("shop.users.Customer")]
# expect: Order.a reference.resolvable=true reference.model.resolved=shop.users.Customer
# expect: Order.b reference.resolvable=true
# expect: Order.c reference.resolvable=true reference.field=id
# expect: Order.d reference.resolvable=true reference.form=string-field
# expect: Order.e reference.form=string-class

# case: a model of another file that is not imported
# file: a.py
from ommi import ommi_model
@ommi_model
class Customer:
    id: int
# file: b.py
from typing import Annotated
from ommi import ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadTheRelated
@ommi_model
class Order:
    customer_id: Annotated[int, ReferenceTo("Customer.id")]
    customer: "LazyLoadTheRelated[Customer]"
# expect: Order.customer_id reference.why=other-module reference.resolvable=false
# expect: Order.customer lazy.target.where=elsewhere lazy.target.candidates.0=a.Customer

# case: a model imported for type checkers only
# file: a.py
from ommi import ommi_model
@ommi_model
class Customer:
    id: int
# file: b.py
from typing import TYPE_CHECKING, Annotated
from ommi import ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadTheRelated
if TYPE_CHECKING:
    from a import Customer
@ommi_model
class Order:
    customer_id: Annotated[int, ReferenceTo("Customer.id")]
    customer: "LazyLoadTheRelated[Customer]"
# expect: Order.customer_id reference.why=type-checking reference.resolvable=false
# expect: Order.customer lazy.target.where=type-checking lazy.target.reached=- lazy.target.is_model=true
# expect: type_checking_names.0 name=Customer resolved=a.Customer also_at_run_time=-

# case: bound for type checkers and at run time
# file: a.py
from ommi import ommi_model
@ommi_model
class Customer:
    id: int
# file: b.py
import typing
from ommi import ommi_model
from ommi.models.query_fields import LazyLoadTheRelated
if typing.TYPE_CHECKING:
    from a import Customer
else:
    from a import Customer
@ommi_model
class Order:
    customer: "LazyLoadTheRelated[Customer]"
# expect: Order.customer lazy.target.where=module lazy.target.reached=true
# expect: type_checking_names.0 also_at_run_time=true
