// Times the reading and writing of a folder's datafiles, warm, on one core. Files are loaded once; a round
// takes their bytes and begins with an empty source map.
//   bench_datafiles FOLDER ROUNDS      {"files", "bytes", "parse": {"median", "best"}, ...}, in milliseconds
#include "base/files.hpp"
#include "codec/datafile_writer.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "syntax/datafile.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace birdhouse;
namespace fs = std::filesystem;
using syntax::DatafileKind;
using syntax::Dialect;

struct File {
    std::string path, name, text;
    DatafileKind kind = DatafileKind::Datasource;
};

std::vector<File> load(const fs::path& folder) {
    std::vector<File> files;
    const std::vector<fs::path> paths = list_files(folder, "").value();
    for (const fs::path& path : paths) {
        const std::string extension = path.extension().string();
        if (extension == ".datasource" || extension == ".pipe") {
            files.push_back({path.string(), path.stem().string(), read_file(path).value(),
                             extension == ".pipe" ? DatafileKind::Pipe : DatafileKind::Datasource});
        }
    }
    return files;
}

// What is timed returns something that depends on all of its work, so that none of it can be left out.
using Work = std::size_t (*)(const File& file, SourceId source, const SourceMap& sources,
                             Diagnostics& diagnostics);

// Classic has more directives, and takes engines in pipes: with it fewer files end in a report.
constexpr Dialect kDialect = Dialect::Classic;

std::size_t parse(const File& file, SourceId source, const SourceMap& sources, Diagnostics& diagnostics) {
    return parse_datafile(source, sources, file.kind, diagnostics, kDialect).directives.size();
}

std::size_t read(const File& file, SourceId source, const SourceMap& sources, Diagnostics& diagnostics) {
    if (file.kind == DatafileKind::Pipe) {
        const auto pipe = codec::read_pipe_file(source, file.name, sources, diagnostics, kDialect);
        return pipe ? pipe->nodes.size() : 0;
    }
    const auto datasource = codec::read_datasource_file(source, file.name, sources, diagnostics, kDialect);
    return datasource ? datasource->columns.size() : 0;
}

std::size_t read_and_write(const File& file, SourceId source, const SourceMap& sources,
                           Diagnostics& diagnostics) {
    if (file.kind == DatafileKind::Pipe) {
        const auto pipe = codec::read_pipe_file(source, file.name, sources, diagnostics, kDialect);
        return pipe ? codec::write_pipe_file(*pipe).size() : 0;
    }
    const auto datasource = codec::read_datasource_file(source, file.name, sources, diagnostics, kDialect);
    return datasource ? codec::write_datasource_file(*datasource).size() : 0;
}

struct Measured {
    double median = 0, best = 0; // milliseconds for all files
};

Measured measure(Work work, const std::vector<File>& files, int rounds) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        std::size_t seen = 0;
        const auto start = std::chrono::steady_clock::now();
        SourceMap sources;
        for (const File& file : files) {
            Diagnostics diagnostics;
            const SourceId source = sources.add(file.path, file.text);
            seen += work(file, source, sources, diagnostics);
        }
        times.push_back(Milliseconds(std::chrono::steady_clock::now() - start).count());
        if (seen == 0) {
            throw std::runtime_error("nothing was read");
        }
    }
    std::ranges::sort(times);
    return {times[times.size() / 2], times.front()};
}

void print(std::string_view name, Measured measured) {
    std::cout << ", \"" << name << "\": {\"median\": " << measured.median << ", \"best\": " << measured.best
              << "}";
}

} // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::cerr << "usage: bench_datafiles FOLDER ROUNDS\n";
        return 2;
    }
    const std::vector<File> files = load(arguments[1]);
    const int rounds = std::max(1, std::atoi(arguments[2]));
    std::size_t bytes = 0;
    for (const File& file : files) {
        bytes += file.text.size();
    }
    std::cout << "{\"files\": " << files.size() << ", \"bytes\": " << bytes;
    print("parse", measure(parse, files, rounds));
    print("read", measure(read, files, rounds));
    print("write", measure(read_and_write, files, rounds));
    std::cout << "}\n";
    return 0;
}
