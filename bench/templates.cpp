// Times templates that were read once and are rendered many times, and what rendering and composing adds to a
// query of a project's pipes. One JSON object on standard output:
//   bench_templates SHAPES.json MILLISECONDS PROJECT
//   {"renders_per_second": {name: n}, "texts": {name: text}, "pipes": n, "median_ms": n, "slowest_ms": n,
//   "slowest"}
#include "base/files.hpp"
#include "codec/definitions.hpp"
#include "codec/node_rendering.hpp"
#include "codec/pipe_query.hpp"
#include "syntax/template.hpp"
#include "syntax/value.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using namespace birdhouse;
using Json = nlohmann::ordered_json;

// Of this process alone: what else the machine does is left out, here and for the peer.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Renders for about `seconds`, looking at the clock once in a hundred.
double renders_per_second(const syntax::Template& tree, const syntax::RenderInput& input, double seconds) {
    constexpr std::size_t kBatch = 100;
    std::size_t bytes = 0; // kept, so that no rendering is left out
    std::size_t renders = 0;
    const double start = cpu_seconds();
    double taken = 0;
    while (taken < seconds) {
        for (std::size_t i = 0; i < kBatch; ++i) {
            const auto result = syntax::render(tree, input);
            bytes += std::get<syntax::Rendered>(result).text.size();
        }
        renders += kBatch;
        taken = cpu_seconds() - start;
    }
    return bytes == 0 ? 0 : static_cast<double>(renders) / taken;
}

void time_shapes(const Json& shapes, double seconds, Json& out) {
    for (const Json& shape : shapes) {
        const std::string name = shape.at("name");
        const auto parsed = syntax::parse_template_text(shape.at("text"), syntax::TemplateDialect::Query);
        const auto& tree = std::get<syntax::Template>(parsed);
        syntax::RenderInput input;
        for (const auto& [parameter, value] : shape.at("params").items()) {
            input.parameters.emplace_back(parameter, syntax::make_text(value.get<std::string>()));
        }
        out["texts"][name] = std::get<syntax::Rendered>(syntax::render(tree, input)).text;
        out["renders_per_second"][name] = renders_per_second(tree, input, seconds);
    }
}

// From a request to the one SELECT that the engine gets: read the templates, render, compose.
void time_pipes(const model::Project& project, Json& out) {
    std::vector<std::pair<double, std::string>> times;
    for (const model::Pipe& pipe : project.pipes) {
        const model::Node* node = model::result_node(pipe);
        if (node == nullptr || node->type == model::NodeType::Materialized) {
            continue;
        }
        constexpr int kRounds = 51;
        std::vector<double> rounds;
        for (int i = 0; i < kRounds; ++i) {
            Diagnostics problems;
            const codec::NodeValues values;
            codec::RenderNotes notes;
            const codec::NodeRenderer render = [&](const model::Node& part, Diagnostics& found) {
                return codec::render_node(part, values, notes, found);
            };
            const double start = cpu_seconds();
            // A pipe that wants a parameter fails where a request would; the way there is timed.
            static_cast<void>(codec::compose_query(project, pipe, *node, render, {"bench", {}}, problems));
            rounds.push_back((cpu_seconds() - start) * 1000);
        }
        std::sort(rounds.begin(), rounds.end());
        times.emplace_back(rounds[rounds.size() / 2], pipe.name);
    }
    std::sort(times.begin(), times.end());
    out["pipes"] = times.size();
    out["median_ms"] = times.empty() ? 0 : times[times.size() / 2].first;
    out["slowest_ms"] = times.empty() ? 0 : times.back().first;
    out["slowest"] = times.empty() ? "" : times.back().second;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::cerr << "bench_templates SHAPES.json MILLISECONDS PROJECT\n";
        return 2;
    }
    const auto text = read_file(arguments[1]);
    if (!text) {
        std::cerr << text.error().message << "\n";
        return 3;
    }
    Json out;
    time_shapes(Json::parse(*text), std::atof(arguments[2]) / 1000, out);
    SourceMap sources;
    Diagnostics problems;
    const auto loaded = codec::load_project(arguments[3], {}, sources, problems);
    time_pipes(loaded ? loaded->project : model::Project(), out);
    std::cout << out.dump() << "\n";
    return 0;
}
