#pragma once

/// \file
/// What the examples of the rules about Python sources have in common: two models that Ommi handles
/// right, and the tables that it makes of them.

#include <string_view>

namespace doctor::examples {

inline constexpr std::string_view sound_models = R"py(
from dataclasses import dataclass
from typing import Annotated
from ommi import Key, ommi_model
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import LazyLoadEveryRelated, LazyLoadTheRelated

@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    name: str
    posts: "LazyLoadEveryRelated[Post]"

@ommi_model
@dataclass
class Post:
    id: Annotated[int, Key]
    title: str
    user_id: Annotated[int, ReferenceTo(User.id)]
    author: LazyLoadTheRelated[User]
)py";

inline constexpr std::string_view sound_database = R"(
CREATE TABLE "User"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "title" TEXT, "user_id" INTEGER, PRIMARY KEY ("id"));
CREATE INDEX post_user ON "Post" ("user_id");
INSERT INTO "User" VALUES (1, 'ann'), (2, 'bob');
INSERT INTO "Post" VALUES (1, 'first', 1), (2, 'second', 2);
)";

/// The same where Ommi has taken every type for text.
inline constexpr std::string_view text_database = R"(
CREATE TABLE "User"("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post"("id" INTEGER, "title" TEXT, "user_id" TEXT, PRIMARY KEY ("id"));
CREATE INDEX post_user ON "Post" ("user_id");
INSERT INTO "User" VALUES (1, 'ann'), (2, 'bob');
INSERT INTO "Post" VALUES (1, 'first', 1), (2, 'second', 2);
)";

}  // namespace doctor::examples
