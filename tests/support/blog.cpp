#include "support/blog.hpp"

#include <stdexcept>

#include "doctor/sweep/plan.hpp"

namespace doctor::testing {

namespace {

using ommi::Affinity;
using ommi::Cardinality;
using ommi::Collation;
using ommi::FieldInfo;
using ommi::ModelInfo;
using ommi::Reference;
using ommi::RelationInfo;

FieldInfo integer(std::string name, bool key = false) {
  FieldInfo field;
  field.name = std::move(name);
  field.type = ommi::Type::integer;
  field.nullable = !key;
  field.key = key;
  field.declared_type = "INTEGER";
  field.comparison = {Affinity::integer, Collation::binary};
  return field;
}

Reference to(std::string field, std::string model) {
  Reference reference;
  reference.fields = {std::move(field)};
  reference.model = std::move(model);
  reference.target_fields = {"id"};
  return reference;
}

RelationInfo relation_to(std::string name, Cardinality cardinality, std::string target,
                         std::string via = {}) {
  RelationInfo relation;
  relation.name = std::move(name);
  relation.cardinality = cardinality;
  relation.target = std::move(target);
  relation.via = std::move(via);
  return relation;
}

// As a careful person would have made them: keys, foreign keys, and what is single is unique.
ommi::Schema schema_of(const ommi::Catalog& catalog) {
  ommi::Schema schema;
  for (const ommi::Model& model : catalog.models()) {
    ommi::Table& table = schema.tables.emplace_back();
    table.name = model.info.table();
    const bool links = model.key.empty();
    for (const FieldInfo& field : model.fields()) {
      ommi::Column& column = table.columns.emplace_back();
      column.name = field.column();
      column.key_part = links ? static_cast<unsigned>(table.columns.size()) : field.key ? 1 : 0;
    }
    for (const Reference& reference : model.info.references) {
      table.foreign_keys.push_back({reference.fields, reference.model, reference.target_fields});
    }
    if (model.name() == "Profile") table.indexes.push_back({"Profile_user_id", {"user_id"}, true});
  }
  return schema;
}

}  // namespace

std::vector<ModelInfo> blog_models() {
  ModelInfo user;
  user.name = "User";
  user.fields = {integer("id", true)};
  user.relations = {relation_to("posts", Cardinality::many, "Post"),
                    relation_to("profile", Cardinality::one, "Profile"),
                    relation_to("tags", Cardinality::many, "Tag", "UserTag")};
  ModelInfo post;
  post.name = "Post";
  post.fields = {integer("id", true), integer("user_id")};
  post.references = {to("user_id", "User")};
  post.relations = {relation_to("author", Cardinality::one, "User")};
  ModelInfo profile;
  profile.name = "Profile";
  profile.fields = {integer("id", true), integer("user_id")};
  profile.references = {to("user_id", "User")};
  ModelInfo tag;
  tag.name = "Tag";
  tag.fields = {integer("id", true)};
  ModelInfo link;
  link.name = "UserTag";
  link.fields = {integer("user_id"), integer("tag_id")};
  link.references = {to("user_id", "User"), to("tag_id", "Tag")};
  return {user, post, profile, tag, link};
}

Blog::Blog(void (*change)(std::vector<ModelInfo>& models))
    : catalog_(std::make_unique<ommi::Catalog>()) {
  std::vector<ModelInfo> models = blog_models();
  if (change != nullptr) change(models);
  for (ModelInfo& model : models) catalog_->add(std::move(model));
  evidence.problems = catalog_->seal();
  evidence.catalog = catalog_.get();
  schema = schema_of(*catalog_);
  evidence.schema = &schema;

  SweepPlan plan = plan_sweep(*catalog_, {});
  for (ReferenceSweep& sweep : plan.references) sweep.rows = 400;
  for (OneToOneSweep& sweep : plan.one_to_ones) sweep.rows = 20;
  for (AssociationSweep& sweep : plan.associations) sweep.rows = 40;
  for (FieldSweep& sweep : plan.fields) {
    sweep.rows = 400;
    sweep.by_kind[static_cast<std::size_t>(ommi::Kind::integer)] = 400;
  }
  evidence.references = std::move(plan.references);
  evidence.one_to_ones = std::move(plan.one_to_ones);
  evidence.associations = std::move(plan.associations);
  evidence.fields = std::move(plan.fields);
  for (const ommi::Model& model : catalog_->models()) {
    for (const ommi::Relation& relation : model.relations) {
      RelationshipObservation& seen = evidence.relationships.emplace_back();
      seen.relation = &relation;
      seen.loads = relation.problem ? 0 : 20;
      seen.outcomes[static_cast<std::size_t>(Outcome::loaded)] = seen.loads;
      seen.looked_up_rows = 400;
    }
  }
}

const ommi::Model& Blog::model(std::string_view name) const {
  const ommi::Model* found = catalog_->find(name);
  if (found == nullptr) throw std::logic_error("the blog has no such model");
  return *found;
}

const ommi::Relation& Blog::relation(std::string_view owner, std::string_view name) const {
  const ommi::Relation* found = model(owner).find_relation(name);
  if (found == nullptr) throw std::logic_error("the blog has no such relationship");
  return *found;
}

ReferenceSweep& Blog::reference(std::string_view owner, std::string_view field) {
  const std::size_t number = model(owner).find_field(field).value();
  for (ReferenceSweep& sweep : evidence.references) {
    if (sweep.model == &model(owner) && sweep.fields == std::vector{number}) return sweep;
  }
  throw std::logic_error("the blog has no such reference");
}

RelationshipObservation& Blog::observation(std::string_view owner, std::string_view name) {
  for (RelationshipObservation& seen : evidence.relationships) {
    if (seen.relation == &relation(owner, name)) return seen;
  }
  throw std::logic_error("the blog has no such observation");
}

FieldSweep& Blog::field(std::string_view owner, std::string_view name) {
  const std::size_t number = model(owner).find_field(name).value();
  for (FieldSweep& sweep : evidence.fields) {
    if (sweep.model == &model(owner) && sweep.field == number) return sweep;
  }
  throw std::logic_error("the blog has no such field");
}

RowSample row(int id, const std::string& field, ommi::Value value) {
  return {{{"id", ommi::Value(id)}}, {{field, std::move(value)}}};
}

std::vector<Finding> found_by(std::string_view code, const Evidence& evidence) {
  const Rule* rule = find_rule(code);
  if (rule == nullptr) throw std::logic_error("no such rule");
  Findings findings(*rule);
  rule->check(evidence, findings);
  return std::move(findings).take();
}

std::string messages_of(std::string_view code, const Evidence& evidence) {
  std::string text;
  for (const Finding& finding : found_by(code, evidence)) text += finding.message + "\n";
  return text;
}

}  // namespace doctor::testing
