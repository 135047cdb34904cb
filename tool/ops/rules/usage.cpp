#include "ops/rules/usage.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>

namespace birdhouse::ops {

using model::Datasource;
using model::Pipe;

namespace {

bool is_word_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Every word of every node as written: a name may stand in the branch of a template that a check does not
// take, or in the text that joinGet and the like are given.
class WrittenWords {
public:
    void add(std::string_view text) {
        std::size_t begin = 0;
        for (std::size_t i = 0; i <= text.size(); ++i) {
            if (i == text.size() || !is_word_part(text[i])) {
                if (i > begin) {
                    words_.insert(text.substr(begin, i - begin));
                }
                begin = i + 1;
            }
        }
    }

    // Itself, as a version, or its rows put aside.
    bool name(std::string_view resource) const {
        return words_.contains(resource) || words_.contains(std::string(resource) + "_quarantine");
    }

private:
    std::unordered_set<std::string_view> words_;
};

bool opens(const std::vector<model::Token>& tokens) {
    return std::any_of(tokens.begin(), tokens.end(),
                       [](const model::Token& token) { return token.scope == model::TokenScope::Read; });
}

// What the nodes of other pipes, or of any, read.
std::set<std::string_view> names_read(const RuleFacts& facts) {
    std::set<std::string_view> names;
    for (const codec::Dependency& dependency : facts.dependencies) {
        if (!dependency.table) {
            continue;
        }
        if (const auto* datasource = std::get_if<codec::DatasourceTable>(&*dependency.table)) {
            names.insert(datasource->datasource->name);
        } else if (const auto* rows = std::get_if<codec::QuarantineTable>(&*dependency.table)) {
            names.insert(rows->datasource->name);
        } else if (const auto* node = std::get_if<codec::NodeTable>(&*dependency.table);
                   node != nullptr && node->pipe != dependency.pipe) {
            names.insert(node->pipe->name);
        }
    }
    return names;
}

} // namespace

// A project without pipes is read by something that is not here.
void check_unused_datasources(const RuleFacts& facts, Diagnostics& problems) {
    if (facts.project.pipes.empty()) {
        return;
    }
    const std::set<std::string_view> read = names_read(facts);
    WrittenWords words;
    bool collected = false;
    for (const Datasource& datasource : facts.project.datasources) {
        if (read.contains(datasource.name) || opens(datasource.tokens) || !datasource.shared_with.empty()) {
            continue;
        }
        if (!collected) { // rarely wanted, so not always made
            collected = true;
            for (const Pipe& pipe : facts.project.pipes) {
                for (const model::Node& node : pipe.nodes) {
                    words.add(node.sql);
                }
            }
        }
        if (!words.name(datasource.name)) {
            problems.add(codes::F325, datasource.origin.span,
                         "nothing reads datasource " + backquoted(datasource.name) +
                             ": no pipe, no token, no other workspace",
                         "delete it, or read it; if it is read from outside, say so with a READ token");
        }
    }
}

void check_unused_pipes(const RuleFacts& facts, Diagnostics& problems) {
    if (facts.dialect == syntax::Dialect::Classic || !facts.dialect_known) {
        return; // in Classic a pipe without a type is published when it is pushed
    }
    const std::set<std::string_view> read = names_read(facts);
    for (const Pipe& pipe : facts.project.pipes) {
        if (!pipe.nodes.empty() && model::published_node(pipe) == nullptr && !read.contains(pipe.name) &&
            pipe.tokens.empty() && facts.understood(pipe.origin)) {
            problems.add(codes::F326, pipe.nodes.back().origin.span,
                         "nothing reads pipe " + backquoted(pipe.name) +
                             ", and none of its nodes is published",
                         "give its last node a type, such as `TYPE endpoint`, or delete the pipe");
        }
    }
}

} // namespace birdhouse::ops
