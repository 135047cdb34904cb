// The peer: each line through JSON.parse and a schema of datasources/llm_events.yaml that ajv has compiled.
//   node ajv.mjs FILE ROUNDS      prints the seconds of each round: `wall cpu rows refused`
import {createReadStream} from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const text = {type: 'string'};
const count = maximum => ({type: 'integer', minimum: 0, maximum});
const tokens = count(4294967295);

const schema = {
  type: 'object',
  required: ['id', 'start_time', 'end_time', 'message_id', 'model', 'status'],
  properties: {
    id: text,
    event_type: {enum: ['text_generation', 'image_generation']},
    start_time: {type: 'string', format: 'date-time'},
    end_time: {type: 'string', format: 'date-time'},
    message_id: {type: 'string', format: 'uuid'},
    model: text,
    provider: text,
    duration_ms: count(3600000),
    cost_usd: {type: 'number', minimum: 0, maximum: 1000},
    status: {enum: ['success', 'error']},
    http_status: count(599),
    response: {
      type: 'object',
      properties: {
        usage: {
          type: 'object',
          properties: {prompt_tokens: tokens, completion_tokens: tokens, total_tokens: tokens},
        },
      },
    },
    metadata: {
      type: 'object',
      properties: {environment: text, region: {type: ['string', 'null']}},
    },
    stream: {type: 'boolean'},
    tags: {type: 'array', items: text},
    scores: {type: 'array', items: {type: 'number'}},
    user_id: text,
    referrer: {type: 'string', maxLength: 200},
    prompt: {type: 'string', maxLength: 2000},
  },
};

const ajv = new Ajv({allErrors: true, allowUnionTypes: true});
addFormats(ajv);
const validate = ajv.compile(schema);

const isGood = line => {
  try {
    return validate(JSON.parse(line));
  } catch {
    return false;
  }
};

const [file, rounds] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); ++round) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  let rows = 0;
  let refused = 0;
  let rest = '';
  for await (const chunk of createReadStream(file, {encoding: 'utf8', highWaterMark: 1 << 20})) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      ++rows;
      refused += isGood(line) ? 0 : 1;
    }
  }
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const used = process.cpuUsage(cpu);
  console.log(wall.toFixed(6), ((used.user + used.system) / 1e6).toFixed(6), rows, refused);
}
