// What is written reads back as it was, and what was read once is written the same ever after.
#include "codec/connection_file.hpp"
#include "codec/datafile_form.hpp"
#include "codec/datafile_writer.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "codec/template_values.hpp"
#include "datafile_reading.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
using syntax::DatafileKind;
using syntax::Dialect;

namespace {

// One datafile of any kind, read; compared and written by what kind it is.
struct ReadDatafile {
    std::optional<model::Datasource> datasource;
    std::optional<model::Pipe> pipe;
    std::optional<model::Connection> connection;
    bool has_errors = false;

    friend bool operator==(const ReadDatafile& a, const ReadDatafile& b) {
        return a.datasource == b.datasource && a.pipe == b.pipe && a.connection == b.connection;
    }
    bool read() const { return datasource || pipe || connection; }
    std::string written() const {
        return datasource ? codec::write_datasource_file(*datasource)
               : pipe     ? codec::write_pipe_file(*pipe)
                          : codec::write_connection_file(*connection);
    }
};

ReadDatafile read_datafile(const std::string& text, DatafileKind kind, Dialect dialect) {
    SourceMap sources;
    Diagnostics problems;
    const syntax::Datafile tree = parse_datafile(sources.add("x", text), sources, kind, problems, dialect);
    ReadDatafile file;
    if (kind == DatafileKind::Datasource) {
        file.datasource = codec::read_datasource_file(tree, "x", sources, problems);
    } else if (kind == DatafileKind::Pipe) {
        file.pipe = codec::read_pipe_file(tree, "x", sources, problems);
    } else if (kind == DatafileKind::Connection) {
        file.connection = codec::read_connection_file(tree, "x", sources, problems);
    }
    file.has_errors = problems.has_errors();
    return file;
}

} // namespace

TEST_CASE("a datafile without errors is written so that it reads back the same, and then stays as it is") {
    std::size_t seen = 0;
    for (const auto& input : golden_inputs("datafiles")) {
        const DatafileKind kind = kind_of_file(input);
        const Dialect dialect = dialect_of_file(input);
        const ReadDatafile first = read_datafile(read_text(input), kind, dialect);
        if (!first.read() || first.has_errors) {
            continue;
        }
        INFO(input.filename().string());
        const std::string text = first.written();
        INFO(text);
        const ReadDatafile second = read_datafile(text, kind, dialect);
        CHECK_FALSE(second.has_errors);
        CHECK(second == first);
        CHECK(second.written() == text);
        ++seen;
    }
    CHECK(seen > 20);
}

TEST_CASE("a canonical file is written byte for byte") {
    const std::string datasource =
        "VERSION 2\n\nDESCRIPTION >\n    Requests.\n\nTOKEN \"app\" APPEND\n\n"
        "TAGS \"a, b\"\n\nSCHEMA >\n    `id` String `json:$.id`,\n"
        "    `day` Date MATERIALIZED toDate(now()) CODEC(ZSTD(1))\n\nINDEXES >\n"
        "    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 4\n\n"
        "ENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n\n"
        "KAFKA_CONNECTION_NAME main\nKAFKA_TOPIC events\n\nSHARED_WITH >\n    other\n";
    CHECK(read_datafile(datasource, DatafileKind::Datasource, Dialect::Classic).written() == datasource);
    const std::string pipe = "NODE first\nSQL >\n    %\n    SELECT {{Int8(a, 1)}}\n\nNODE last\n"
                             "DESCRIPTION >\n    The sum.\n\nSQL >\n    SELECT sum(a) FROM first\n\n"
                             "TYPE COPY\nTARGET_DATASOURCE sums\nCOPY_MODE append\nCOPY_SCHEDULE 0 * * * *\n";
    CHECK(read_datafile(pipe, DatafileKind::Pipe, Dialect::Forward).written() == pipe);
    const std::string connection = "TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS broker:9092\n"
                                   "KAFKA_SECRET {{ tb_secret(\"PASSWORD\") }}\nKAFKA_SSL_CA_PEM >\n"
                                   "    -----BEGIN CERTIFICATE-----\n    invented\n";
    CHECK(read_datafile(connection, DatafileKind::Connection, Dialect::Forward).written() == connection);
}
