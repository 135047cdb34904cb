// What the text of a pipe alone promises: its grain through nodes that only pick, its order with parameters
// by name, and which parameters a call cannot leave out.
#include "codec/text_contract.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using codec::text_contract;

namespace {

model::Pipe pipe_of(const std::vector<std::string>& nodes) {
    model::Pipe pipe;
    pipe.name = "top";
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        model::Node node;
        node.name = "n" + std::to_string(i);
        node.sql = nodes[i];
        pipe.nodes.push_back(std::move(node));
    }
    pipe.nodes.back().type = model::NodeType::Endpoint;
    return pipe;
}

// The parameters that a call must give.
std::vector<std::string> required_by(const std::string& sql) {
    std::vector<std::string> names;
    for (const model::Parameter& parameter :
         text_contract(pipe_of({"%\nSELECT 1 WHERE 1 " + sql})).parameters) {
        if (parameter.required) {
            names.push_back(parameter.name);
        }
    }
    return names;
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("a parameter is required when a call without it fails") {
    CHECK(required_by("AND a = {{Int32(a)}}") == Names{"a"});
    CHECK(required_by("AND a = {{Int32(a, required=True)}} AND b = {{String(b)}}") == Names{"a", "b"});
}

TEST_CASE("a parameter that the template asks about first, or has a default for, is not required") {
    CHECK(required_by("AND a = {{Int32(a, 7)}}").empty());
    CHECK(required_by("{% if defined(a) %} AND a = {{DateTime(a)}} {% end %}").empty());
    CHECK(required_by("{% if defined(a) %} AND a = {{Int32(a)}} AND b = {{Int32(b)}} {% end %}").empty());
    CHECK(required_by("{% if defined(b) %} AND a = {{Int32(a)}} AND b = {{Int32(b)}} {% end %}").empty());
    CHECK(required_by("{% if not defined(a) %} {{error('give a')}} {% end %} AND a = {{Int32(a)}}") ==
          Names{"a"});
}

TEST_CASE("the grain comes from the node before when the last one only picks from it") {
    CHECK(text_contract(pipe_of({"SELECT a FROM t GROUP BY a"})).group_by == "a");
    CHECK(text_contract(pipe_of({"SELECT a FROM t GROUP BY a", "SELECT * FROM n0 ORDER BY a"})).group_by ==
          "a");
    CHECK(text_contract(pipe_of({"SELECT a FROM t GROUP BY a", "SELECT * FROM n0", "SELECT a FROM n1"}))
              .group_by == "a");
    CHECK(text_contract(pipe_of({"SELECT a, b FROM t GROUP BY a, b", "SELECT b FROM n0 GROUP BY b"}))
              .group_by == "b");
}

TEST_CASE("the grain of several tables, of a ring and of no node is not guessed") {
    CHECK(text_contract(pipe_of({"SELECT a FROM t GROUP BY a", "SELECT * FROM n0 JOIN u USING a"}))
              .group_by.empty());
    CHECK(text_contract(pipe_of({"SELECT a FROM n1", "SELECT a FROM n0"})).group_by.empty());
    CHECK(text_contract(pipe_of({"SELECT a FROM t"})).group_by.empty());
    CHECK(text_contract(model::Pipe()).group_by.empty());
}

TEST_CASE("an order that a parameter decides names the parameter") {
    const model::Contract contract =
        text_contract(pipe_of({"%\nSELECT a FROM t ORDER BY a LIMIT {{Int32(page_size, 100)}}"}));
    CHECK(contract.order == "ORDER BY a LIMIT {page_size}");
}
