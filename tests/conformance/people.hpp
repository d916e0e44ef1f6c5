#pragma once

/// \file
/// Users with posts, a profile and permissions, as structs: the relationships of the scenarios of
/// lazy_loading_failure.cpp.

#include <cstdint>
#include <string>

#include "conformance/fixture.hpp"
#include "ommi/typed.hpp"

namespace conformance::people {

struct Post;
struct Profile;
struct Permission;
struct UserPermission;

struct User {
  std::int64_t id{};
  std::string name = {};
  LazyLoadEveryRelated<Post> posts = {};
  LazyLoadTheRelated<Profile> profile = {};
  LazyLoadEveryRelated<Permission> permissions = {};

  static void describe(Describe<User>& model) {
    model.field<&User::id>("id", Key, Auto)
        .field<&User::name>("name")
        .lazy<&User::posts>("posts")
        .lazy<&User::profile>("profile")
        .lazy<&User::permissions>("permissions", AssociateUsing<UserPermission>{});
  }
};

struct Post {
  std::int64_t id{};
  std::string title = {};
  std::int64_t user_id{};
  LazyLoadTheRelated<User> author = {};

  static void describe(Describe<Post>& model) {
    model.field<&Post::id>("id", Key, Auto)
        .field<&Post::title>("title")
        .field<&Post::user_id>("user_id", ReferenceTo{"User.id"})
        .lazy<&Post::author>("author");
  }
};

struct Profile {
  std::int64_t id{};
  std::int64_t user_id{};

  static void describe(Describe<Profile>& model) {
    model.field<&Profile::id>("id", Key, Auto)
        .field<&Profile::user_id>("user_id", ReferenceTo{"User.id"}, Unique);
  }
};

struct Permission {
  std::int64_t id{};
  std::string name = {};

  static void describe(Describe<Permission>& model) {
    model.field<&Permission::id>("id", Key, Auto).field<&Permission::name>("name");
  }
};

struct UserPermission {
  std::int64_t user_id{};
  std::int64_t permission_id{};

  static void describe(Describe<UserPermission>& model) {
    model.field<&UserPermission::user_id>("user_id", Key, ReferenceTo{"User.id"})
        .field<&UserPermission::permission_id>("permission_id", Key, ReferenceTo{"Permission.id"});
  }
};

inline std::shared_ptr<const Catalog> models() {
  return sealed<User, Post, Profile, Permission, UserPermission>();
}

/// Alice, who wrote "Hello", has a profile and may read.
inline void fill(const Database& database) {
  User alice{.name = "Alice"};
  must(database.add(alice));
  Post hello{.title = "Hello", .user_id = alice.id};
  must(database.add(hello));
  Profile profile{.user_id = alice.id};
  must(database.add(profile));
  Permission read{.name = "read"};
  must(database.add(read));
  UserPermission may{.user_id = alice.id, .permission_id = read.id};
  must(database.add(may));
}

inline User alice(const Database& database) {
  return database.find<User>().where(at<&User::name>() == "Alice").one().or_raise();
}

}  // namespace conformance::people
