# case: Ommi without an active driver
from ommi import Ommi
from ommi.ext.drivers.sqlite import SQLiteDriver
async def main():
    driver = SQLiteDriver.connect({"database": "app.db"})
    async with Ommi(driver) as db:
        pass
# expect: uses[ommi] form=async-with driver=driver driver_class=SQLiteDriver activated=- scope=main
# expect: uses[connect] driver=SQLiteDriver form=dict keys.0.name=database keys.0.value=app.db

# case: Ommi with use_driver
from ommi import Ommi, use_driver
from ommi.ext.drivers.sqlite import SQLiteDriver
async def main():
    driver = SQLiteDriver.connect()
    with use_driver(driver):
        async with Ommi(driver) as db:
            pass
# expect: uses[ommi] activated.form=use_driver
# expect: uses[activation] form=use_driver
# expect: uses[connect] form=none

# case: Ommi and async with driver
from ommi import Ommi
from ommi.ext.drivers.sqlite import SQLiteDriver
async def main():
    async with SQLiteDriver.connect({"database": "a"}) as driver:
        db = Ommi(driver)
# expect: uses[ommi] form=call activated.form=async-with-driver

# case: a driver by its name only
from ommi import Ommi
async def main(driver):
    async with driver:
        db = Ommi(driver)
# expect: uses[activation] by_name=true
# expect: uses[ommi] activated.form=async-with-driver

# case: active_driver.set
from ommi import Ommi, active_driver
driver = object()
active_driver.set(driver)
db = Ommi(driver)
# expect: uses[activation] form=active_driver.set in_function=-
# expect: uses[ommi] activated.form=active_driver.set

# case: implicit set-up switched off
from ommi import Ommi
db = Ommi(driver, allow_imlicit_model_setup=False)
# expect: uses[ommi] implicit_setup_off=true

# case: a driver activated elsewhere
from ommi import Ommi, use_driver
async def one(driver):
    with use_driver(driver):
        pass
async def two(driver):
    db = Ommi(driver)
# expect: uses[ommi] activated=- scope=two

# case: refresh
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(post: Post):
    await post.author.refresh()
    await post.author.refresh_if_needed()
# expect: uses[refresh] method=refresh field=author model=models.Post awaited=true certain=true
# expect: uses[refresh].1 method=refresh_if_needed
# expect: uses[lazy-access] kind=-

# case: refresh of something unknown with a lazy field's name
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(thing):
    await thing.author.refresh()
# expect: uses[refresh] certain=- candidates.0=models.Post

# case: refresh of something else
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(token):
    await token.refresh()
# expect: uses[refresh] kind=-

# case: a lazy field that is awaited
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(post: Post):
    print((await post.author).name)
    result = await post.author.get_result()
    other = await post.author.or_use(None)
# expect: uses[lazy-access] kind=-

# case: a lazy field that is not awaited
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(post: Post):
    print(post.author.name)
    if post.author:
        return post.author
# expect: uses[lazy-access] field=author context=attribute method=name model=models.Post lazy=one certain=true
# expect: uses[lazy-access] target=models.User
# expect: uses[lazy-access].1 context=condition
# expect: uses[lazy-access].2 context=returned

# case: iterating over a lazy field
@ommi_model
@dataclass
class Author:
    posts: "LazyLoadEveryRelated[User]"
async def show(author: "Author"):
    for post in author.posts:
        pass
    return [p for p in author.posts]
# expect: uses[lazy-access] context=iterated lazy=every
# expect: uses[lazy-access].1 context=iterated

# case: the old API of lazy fields
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(post: Post):
    a = await post.author.value
    b = await post.author.get(None)
    c = post.author.result
# expect: uses[lazy-access] method=value awaited=true
# expect: uses[lazy-access].1 method=get
# expect: uses[lazy-access].2 method=result

# case: the old API on something unknown
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(post):
    return await post.author.value
# expect: uses[lazy-access] method=value certain=- candidates.0=models.Post awaited=true

# case: an attribute of that name on something else
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
def show(book, user: User):
    print(book.author, user.author)
# expect: uses[lazy-access] kind=-

# case: rows from a query
from ommi import Ommi
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(db: Ommi):
    post = await db.find(Post.id == 1).one.or_raise()
    print(post.author)
    for other in await db.find(Post).all.or_raise():
        print(other.author)
# expect: uses[lazy-access] context=argument:print receiver=post
# expect: uses[lazy-access].1 receiver=other

# case: rows from a match
# python: 3.10
from ommi import Ommi
from ommi.database import DBQueryResult
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
async def show(db: Ommi):
    match await db.find(Post).one():
        case DBQueryResult.DBQuerySuccess(post):
            print(post.author)
# expect: uses[lazy-access] receiver=post model=models.Post

# case: through a lazy field to the next
@ommi_model
@dataclass
class Author:
    id: int
    posts: "LazyLoadEveryRelated[Post]"
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[Author]
async def show(post: Post):
    author = await post.author
    print(author.posts)
    for sibling in await author.posts:
        print(sibling.author)
# expect: uses[lazy-access] field=posts model=models.Author
# expect: uses[lazy-access].1 field=author model=models.Post

# case: in a method of the model itself
@ommi_model
@dataclass
class Post:
    author: LazyLoadTheRelated[User]
    def title(self):
        return self.author.name
# expect: uses[lazy-access] receiver=self model=models.Post scope=Post.title

# case: a constructed row, and None for its lazy field
@ommi_model
@dataclass
class Post:
    id: int
    author: LazyLoadTheRelated[User]
def make():
    post = Post(id=1, author=None)
    print(post.author)
    return Post(1, None)
# expect: uses[lazy-argument] field=author is_none=true model=models.Post
# expect: uses[lazy-argument].1 position=2
# expect: uses[lazy-access] receiver=post

# case: use_models
from ommi import Ommi
shop = ModelCollection()
async def main(driver):
    async with Ommi(driver) as db:
        await db.use_models(shop)
        await db.remove_models(shop)
# expect: uses[use-models] method=use_models collection=shop collection_resolved=models.shop awaited=true certain=true
# expect: uses[use-models].1 method=remove_models

# case: implicit set-up
from ommi import Ommi
async def main(driver):
    db = Ommi(driver)
    await db.add(User(1, "a"))
    await db.find(User)
    await db.find(User).one.or_raise()
    await things.add(1)
# expect: uses[implicit-setup] method=add receiver=db
# expect: uses[implicit-setup].1 method=find
# expect: uses[implicit-setup].2 kind=-

# case: settings with a wrong key, by way of a name
from ommi.ext.drivers.sqlite import SQLiteDriver
SETTINGS = {"filename": "app.db", "isolation_level": "DEFERRED"}
def open_it():
    return SQLiteDriver.connect(SETTINGS)
# expect: uses[connect] form=dict keys.0.name=filename isolation_level=DEFERRED argument=SETTINGS

# case: settings as text
from ommi.ext.drivers.sqlite import SQLiteDriver
driver = SQLiteDriver.connect("app.db")
# expect: uses[connect] form=string

# case: settings with dynamic keys
from ommi.ext.drivers.sqlite import SQLiteDriver
driver = SQLiteDriver.connect({**other, key: 1, "database": path})
# expect: uses[connect] keys.0.dynamic=true keys.1.dynamic=true keys.2.name=database keys.2.value=-

# case: PostgreSQL
from ommi.ext.drivers.postgresql import PostgreSQLDriver
async def main():
    driver = await PostgreSQLDriver.connect({"host": "a", "port": 5432})
# expect: uses[connect] driver=PostgreSQLDriver awaited=true keys.1.value=5432

# case: connect of something else
import sqlite3
connection = sqlite3.connect("a.db")
# expect: uses[connect] kind=-

# case: a transaction under an isolation level
from ommi import Ommi
from ommi.ext.drivers.sqlite import SQLiteDriver
async def main():
    driver = SQLiteDriver.connect({"database": "a", "isolation_level": "IMMEDIATE"})
    db = Ommi(driver)
    async with db.transaction() as t:
        pass
# expect: uses[transaction] form=async-with isolation_level=IMMEDIATE receiver=db certain=true

# case: a transaction in the default mode
from ommi.ext.drivers.sqlite import SQLiteDriver
async def main():
    driver = SQLiteDriver.connect({"database": "a"})
    async with driver.transaction():
        pass
# expect: uses[transaction] isolation_level=- driver_known=true

# case: old names
from ommi.database.results import DatabaseResult
from ommi.ext.drivers.sqlite import SQLiteDriver, SQLiteConfig
async def main(db):
    driver = SQLiteDriver.from_config(SQLiteConfig(filename="a"))
    await db.schema(None).create_models()
    user = await db.find(User.id == 1).fetch.one()
    user.raise_on_errors()
# expect: uses[old-name] name=DatabaseResult
# expect: uses[old-name].1 name=SQLiteConfig
# expect: uses[old-name].2 name=SQLiteDriver.from_config
# expect: uses[old-name].3 name=SQLiteConfig
# expect: uses[old-name].4 name=create_models
# expect: uses[old-name].5 name=fetch.one
# expect: uses[old-name].6 name=raise_on_errors

# case: names from the wrong module
from ommi import ReferenceTo, Key
from ommi.models import get_global_collection
# expect: uses[wrong-import] name=ReferenceTo module=ommi known_in.0=ommi.models.field_metadata
# expect: uses[wrong-import].1 name=get_global_collection known_in.0=ommi.models.collections
# expect: uses[wrong-import].2 kind=-

# case: the global collection by the wrong module
import ommi.models
def find():
    return ommi.models.get_global_collection()  # schema
# expect: uses[old-name] name=ommi.models.get_global_collection

# case: active record
async def main(user: User):
    await User.fetch(User.id == 1)
    await user.save()
    await user.delete()
# expect: uses[active-record] method=fetch model=models.User
# expect: uses[active-record].1 method=save
# expect: uses[active-record].2 method=delete

# case: a reference to a class, as README writes it
@ommi_model
@dataclass
class Post:
    user_id: Annotated[int, ReferenceTo(User)]
# expect: Post.user_id reference.form=class

# case: uses in another file than the models
# file: app/__init__.py
# file: app/models.py
from ommi import ommi_model
from ommi.models.query_fields import LazyLoadTheRelated
@ommi_model
class User:
    id: int
@ommi_model
class Post:
    author: LazyLoadTheRelated[User]
# file: app/service.py
from . import models
from .models import Post
async def one(post: Post):
    return post.author
async def two(post: models.Post):
    return post.author
# expect: uses[lazy-access] scope=one model=app.models.Post line=4
# expect: uses[lazy-access].1 scope=two
