#include "ops/problem_places.hpp"

#include <utility>

namespace birdhouse::ops {

namespace {

ProblemPlace place_of(Span span, const SourceMap& sources) {
    const LineColumn begin = sources.locate(span.source, span.begin);
    const LineColumn end = sources.locate(span.source, std::max(span.begin, span.end));
    return {std::string(sources.path(span.source)), begin.line, begin.column, end.line, end.column};
}

} // namespace

std::vector<PlacedProblem> place_problems(const Diagnostics& problems, const SourceMap& sources) {
    std::vector<PlacedProblem> placed;
    for (Diagnostic& problem : problems.sorted(sources)) {
        PlacedProblem one{problem.code, std::move(problem.message), std::move(problem.help), {}, {}};
        for (std::size_t i = 0; i < problem.labels.size(); ++i) {
            const Label& label = problem.labels[i];
            if (i == 0) {
                one.place = place_of(label.span, sources);
            } else {
                one.related.push_back({place_of(label.span, sources), label.text});
            }
        }
        placed.push_back(std::move(one));
    }
    return placed;
}

} // namespace birdhouse::ops
