#include "ops/rules/privacy.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/rules/select_list.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace birdhouse::ops {

using codec::Dependency;
using model::Node;

namespace {

// Whole names, lower case and without `_`: a word inside of a name says too little (`email_count`).
constexpr auto kPersonal = std::to_array<std::string_view>(
    {"address",     "birthdate",   "birthday",     "clientip",  "customeremail", "customername",
     "dateofbirth", "email",       "emailaddress", "firstname", "fullname",      "iban",
     "ip",          "ipaddress",   "lastname",     "mail",      "mobile",        "passport",
     "phone",       "phonenumber", "remoteaddr",   "remoteip",  "ssn",           "streetaddress",
     "surname",     "taxid",       "useremail",    "userip",    "username",      "userphone"});

static_assert(std::ranges::is_sorted(kPersonal));

constexpr std::size_t kMostNamed = 6;

// What the nodes give, by their text; `*` is what the tables behind it have.
class OutputColumns {
public:
    explicit OutputColumns(const RuleFacts& facts) {
        for (const codec::RenderedNode& node : facts.nodes) {
            rendered_.emplace(node.node, &node);
        }
        for (const Dependency& dependency : facts.dependencies) {
            sources_[dependency.node].push_back(&dependency);
        }
    }

    std::vector<std::string> of(const Node& node) {
        std::vector<std::string> names;
        std::set<const Node*> seen;
        collect(node, names, seen);
        return names;
    }

private:
    void collect(const Node& node, std::vector<std::string>& names, std::set<const Node*>& seen) {
        const auto text = rendered_.find(&node);
        if (text == rendered_.end() || seen.size() > kDeepest || !seen.insert(&node).second) {
            return;
        }
        const auto list = select_list(text->second->text.sql);
        bool all = false;
        for (const SelectedColumn& column : list ? *list : std::vector<SelectedColumn>()) {
            all = all || column.kind == SelectedColumn::Kind::All;
            if (column.kind == SelectedColumn::Kind::Named) {
                names.push_back(column.name);
            }
        }
        for (const Dependency* source : all ? sources_[&node] : std::vector<const Dependency*>()) {
            add_table(*source, names, seen);
        }
    }

    void add_table(const Dependency& source, std::vector<std::string>& names, std::set<const Node*>& seen) {
        if (!source.table || source.use != syntax::TableUse::Source) {
            return;
        }
        if (const auto* table = std::get_if<codec::DatasourceTable>(&*source.table)) {
            for (const model::Column& column : table->datasource->columns) {
                names.push_back(column.name);
            }
        } else if (const auto* node = std::get_if<codec::NodeTable>(&*source.table)) {
            collect(*node->node, names, seen);
        }
    }

    static constexpr std::size_t kDeepest = 100;
    std::map<const Node*, const codec::RenderedNode*> rendered_;
    std::map<const Node*, std::vector<const Dependency*>> sources_;
};

std::set<std::string_view> marked_columns(const model::Project& project) {
    std::set<std::string_view> names;
    for (const model::Datasource& datasource : project.datasources) {
        for (const model::Column& column : datasource.columns) {
            if (column.privacy != model::Privacy::None) {
                names.insert(column.name);
            }
        }
    }
    return names;
}

const model::Token* reading_token(const std::vector<model::Token>& tokens) {
    const auto found = std::find_if(tokens.begin(), tokens.end(), [](const model::Token& token) {
        return token.scope == model::TokenScope::Read;
    });
    return found == tokens.end() ? nullptr : &*found;
}

void report(const model::Token& token, std::string_view kind, const std::string& resource,
            const std::vector<std::string>& columns, Diagnostics& problems) {
    std::string listed;
    for (std::size_t i = 0; i < std::min(columns.size(), kMostNamed); ++i) {
        listed += (i == 0 ? "" : ", ") + backquoted(columns[i]);
    }
    if (columns.size() > kMostNamed) {
        listed += " and " + with_thousands(columns.size() - kMostNamed) + " more";
    }
    problems.add(codes::P011, token.origin.span,
                 "token " + backquoted(token.name) + " opens " + listed + " of " + std::string(kind) + " " +
                     backquoted(resource),
                 "give the token to a pipe without personal columns, or hash them there");
}

} // namespace

bool sounds_personal(std::string_view column) {
    const std::string plain = replace_all(to_lower_ascii(column), "_", "");
    return std::binary_search(kPersonal.begin(), kPersonal.end(), plain);
}

void check_personal_columns(const RuleFacts& facts, Diagnostics& problems) {
    const std::set<std::string_view> marked = marked_columns(facts.project);
    const auto is_personal = [&](const std::string& name) {
        return marked.contains(name) || sounds_personal(name);
    };
    for (const model::Datasource& datasource : facts.project.datasources) {
        const model::Token* token = reading_token(datasource.tokens);
        std::vector<std::string> columns;
        for (const model::Column& column : datasource.columns) {
            if (token != nullptr && is_personal(column.name)) {
                columns.push_back(column.name);
            }
        }
        if (!columns.empty()) {
            report(*token, "datasource", datasource.name, columns, problems);
        }
    }
    OutputColumns outputs(facts);
    for (const model::Pipe& pipe : facts.project.pipes) {
        const model::Token* token = reading_token(pipe.tokens);
        const Node* node = model::result_node(pipe);
        if (token == nullptr || node == nullptr) {
            continue;
        }
        std::vector<std::string> columns = outputs.of(*node);
        std::erase_if(columns, [&](const std::string& name) { return !is_personal(name); });
        if (!columns.empty()) {
            report(*token, "pipe", pipe.name, columns, problems);
        }
    }
}

} // namespace birdhouse::ops
