#pragma once

/// \file
/// Two small models for what must not compile.

#include <string>

#include "ommi/typed.hpp"

struct Author {
  long id{};
  std::string name;
  static void describe(ommi::Describe<Author>& model) {
    model.field<&Author::id>("id", ommi::Key).field<&Author::name>("name");
  }
};

struct Book {
  long id{};
  long author_id{};
  ommi::LazyLoadTheRelated<Author> author;
  static void describe(ommi::Describe<Book>& model) {
    model.field<&Book::id>("id", ommi::Key)
        .field<&Book::author_id>("author_id", ommi::ReferenceTo{"Author.id"})
        .lazy<&Book::author>("author");
  }
};

struct NoModel {
  long id{};
};
