// A datafile of any bytes, read and written: when a datafile can hold what was read, the text reads back as
// the same model, and writing that gives the same text.
#include "codec/connection_file.hpp"
#include "codec/datafile_form.hpp"
#include "codec/datafile_loss.hpp"
#include "codec/datafile_writer.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

using namespace birdhouse;
using syntax::DatafileKind;
using syntax::Dialect;

namespace {

struct Model {
    std::optional<model::Datasource> datasource;
    std::optional<model::Pipe> pipe;
    std::optional<model::Connection> connection;
    friend bool operator==(const Model&, const Model&) = default;
};

Model read(const std::string& text, DatafileKind kind, Dialect dialect) {
    SourceMap sources;
    Diagnostics ignored;
    const syntax::Datafile tree = parse_datafile(sources.add("x", text), sources, kind, ignored, dialect);
    return {kind == DatafileKind::Datasource ? codec::read_datasource_file(tree, "x", sources, ignored)
                                             : std::nullopt,
            kind == DatafileKind::Pipe ? codec::read_pipe_file(tree, "x", sources, ignored) : std::nullopt,
            kind == DatafileKind::Connection ? codec::read_connection_file(tree, "x", sources, ignored)
                                             : std::nullopt};
}

std::string write(const Model& model) {
    return model.datasource   ? codec::write_datasource_file(*model.datasource)
           : model.pipe       ? codec::write_pipe_file(*model.pipe)
           : model.connection ? codec::write_connection_file(*model.connection)
                              : std::string();
}

Model form_of(Model model) {
    Diagnostics ignored;
    if (model.datasource) {
        model.datasource = codec::to_datafile_form(std::move(*model.datasource), ignored);
    } else if (model.pipe) {
        model.pipe = codec::to_datafile_form(std::move(*model.pipe), ignored);
    } else if (model.connection) {
        model.connection = codec::to_datafile_form(std::move(*model.connection), ignored);
    }
    return model;
}

bool can_be_held(const Model& form, const std::string& text, Dialect dialect) {
    Diagnostics ignored;
    return form.datasource   ? codec::holds_all(text, *form.datasource, dialect, ignored)
           : form.pipe       ? codec::holds_all(text, *form.pipe, dialect, ignored)
           : form.connection ? codec::holds_all(text, *form.connection, dialect, ignored)
                             : false;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr DatafileKind kKinds[] = {DatafileKind::Datasource, DatafileKind::Pipe,
                                       DatafileKind::Connection};
    if (size == 0) {
        return 0;
    }
    const Dialect dialect = (data[0] & 1U) != 0 ? Dialect::Classic : Dialect::Forward;
    const DatafileKind kind = kKinds[(data[0] >> 1U) % 3U];
    const Model form = form_of(read(std::string(data + 1, data + size), kind, dialect));
    const std::string text = write(form);
    if (can_be_held(form, text, dialect)) {
        const Model again = read(text, kind, dialect);
        if (!(form_of(again) == form) || write(again) != text) {
            std::abort();
        }
    }
    return 0;
}
