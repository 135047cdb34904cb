// Times the TypeScript SDK's parser over the same files, in one process: the first round is the cold one.
//   node datafiles_peer.mjs SDK_FOLDER FOLDER ROUNDS      {"files", "refused", "cold", "median", "best"}, milliseconds
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [sdk, folder, rounds] = process.argv.slice(2);
const parser = join(sdk, "node_modules/@tinybirdco/sdk/dist/migrate/parse.js");
const { parseResourceFile } = await import(pathToFileURL(parser));

const resources = readdirSync(folder, { recursive: true })
  .filter((file) => [".datasource", ".pipe"].includes(extname(file)))
  .map((file) => {
    const filePath = join(folder, file);
    const kind = extname(file).slice(1);
    return { kind, filePath, absolutePath: filePath, name: basename(file, `.${kind}`), content: readFileSync(filePath, "utf8") };
  });

let refused = 0;
const times = [];
for (let round = 0; round < Number(rounds); round++) {
  refused = 0;
  const start = process.hrtime.bigint();
  for (const resource of resources) {
    try {
      parseResourceFile(resource);
    } catch {
      refused++;
    }
  }
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
}
const cold = times[0];
times.sort((a, b) => a - b);
const median = times[Math.floor(times.length / 2)];
console.log(JSON.stringify({ files: resources.length, refused, cold, median, best: times[0] }));
