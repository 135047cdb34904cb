// What the TypeScript SDK's migration parser reads of datafiles, one line of JSON a file.
//   node read_with_sdk.mjs SDK_FOLDER FILE...
import { readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const parser = join(folder, "node_modules/@tinybirdco/sdk/dist/migrate/parse.js");
const { parseResourceFile } = await import(pathToFileURL(parser));

const column = ({ name, type, jsonPath, defaultExpression, codec }) =>
  [name, type, jsonPath ?? "", defaultExpression ?? "", codec ?? ""];

for (const file of files) {
  const kind = extname(file).slice(1);
  const content = readFileSync(file, "utf8");
  let read;
  try {
    const name = basename(file, `.${kind}`);
    const resource = parseResourceFile({ kind, filePath: file, absolutePath: file, name, content });
    read = {
      columns: (resource.columns ?? []).map(column),
      nodes: (resource.nodes ?? []).map((node) => node.name),
      tokens: (resource.tokens ?? []).map((token) => [token.name, token.scope]),
    };
  } catch (error) {
    read = { error: error.message };
  }
  console.log(JSON.stringify({ file, ...read }));
}
