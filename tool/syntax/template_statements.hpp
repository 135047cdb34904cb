// The words of statements: what each does to the blocks around it. Tables only; the tree is built elsewhere.
#pragma once

#include "syntax/template.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

enum class StatementRole : std::uint8_t {
    Opens,
    Continues,
    Ends,
    Leaves,
    Sets,
    Whitespace,
    Ignored,
    Forbidden,
    ForbiddenBlock, // read as a block with its end, then refused
};

struct StatementWord {
    std::string_view name;
    StatementRole role;
    BranchKind branch = BranchKind::If;
    std::string_view says = {}; // the word in "... is forbidden"
};

const StatementWord* find_statement(std::string_view word);
std::optional<std::string> nearest_statement(std::string_view word);

// The word that opens a branch of this kind.
std::string_view word_of(BranchKind kind);
// May a branch such as `elif` stand in a block that was opened as `opened`?
bool may_continue(const StatementWord& word, BranchKind opened);
// "{'for', 'if'}": the blocks a word belongs to.
std::string parents_text(const StatementWord& word);
// Python's order of branches: no `elif` after `else`, `except` before `else` before `finally`.
bool may_follow(BranchKind kind, const std::vector<TemplateBranch>& before);

enum class Whitespace : std::uint8_t { All, Single, OneLine };
std::optional<Whitespace> read_whitespace(std::string_view mode);
std::string reshape(std::string_view text, Whitespace mode);

// What the node is, in words, when rendering cannot run it; else empty.
std::string unsupported_construct(const Expression& node);

// A message of the service about tags, said in this program's way.
std::string plain_words(const std::string& message, TemplateDialect dialect);
// `{% end %}` in the dialect's marks, between back-quotes.
std::string end_tag(TemplateDialect dialect);

// Warnings for names that a parameter should not have.
void warn_of_names(const Template& tree, Diagnostics& diagnostics);

} // namespace birdhouse::syntax
