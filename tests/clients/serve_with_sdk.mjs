// What an application does with the TypeScript SDK, against `birdhouse serve`: prints one line of JSON.
//   node serve_with_sdk.mjs SDK_FOLDER URL TOKEN
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, baseUrl, token] = process.argv.slice(2);
const { createTinybirdApi } = await import(
  pathToFileURL(join(folder, "node_modules/@tinybirdco/sdk/dist/index.js"))
);
const api = createTinybirdApi({ baseUrl, token });
const at = "2026-01-01 10:00:00";
const count = async () => (await api.sql("SELECT count() AS n FROM events")).data[0].n;
const said = {};

said.ingested = await api.ingest("events", { id: "a", at, cost: 1.5 });
said.batch = await api.ingestBatch("events", [
  { id: "b", at, cost: 2 },
  { id: "c", at: "never", cost: 2 },
]);
said.stored = await count();
said.endpoint = (await api.query("spend", { least: 1 })).data;
said.filtered = (await api.query("spend", { least: 100 })).data;
const jwt = await api.createToken({
  name: "reader",
  expiresAt: Math.floor(Date.now() / 1000) + 600,
  scopes: [{ type: "PIPES:READ", resource: "spend", fixed_params: { least: "100" } }],
}, { expirationTime: Math.floor(Date.now() / 1000) + 600 });
said.fixed = (await createTinybirdApi({ baseUrl, token: jwt.token }).query("spend", { least: 1 })).data;
await api.deleteDatasource("events", { deleteCondition: "id = 'a'" });
said.after_delete = await count();
writeFileSync("more.csv", "id;at;cost\nd;2026-01-02 10:00:00;4\n");
said.appended = (await api.appendDatasource("events", { file: "more.csv", csvDialect: { delimiter: ";" } })).successful_rows;
const files = createServer((request, response) => response.end(`{"id":"e","at":"${at}","cost":5}\n`));
await new Promise((resolve) => files.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${files.address().port}/rows.ndjson`;
said.by_address = (await api.appendDatasource("events", { url })).successful_rows;
said.after_append = await count();
said.replaced = (await api.appendDatasource("events", { url }, { mode: "replace" })).successful_rows;
files.close();
said.after_replace = await count();
await api.truncateDatasource("events");
said.after_truncate = await count();
try {
  await api.query("nothing", {});
} catch (error) {
  said.unknown = error.statusCode ?? error.status;
}
console.log(JSON.stringify(said));
