// Recorded prompts and answers of real models, where they are at hand beside this checkout.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask, batchFile, lines, poll, start, submit } from './stack.mjs';

const shared = new URL('../../../../shared/', import.meta.url);
const tool = fileURLToPath(new URL('tools/recorded-models', shared));
const data = fileURLToPath(new URL('data/', shared));
const MODEL = 'gpt-4o-mini-2024-07-18';
const skip = existsSync(tool) && existsSync(data) ? false : 'skipped: folder absent (../shared)';

let models;
let stack;

before(async () => {
  if (skip) return;
  const port = await freePort();
  models = spawn(tool, ['--data', 'gsm8k', '--dir', data, '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => models.stdout.once('data', resolve));
  stack = await start(topology(`http://127.0.0.1:${port}/v1`), '');
});
after(async () => {
  await stack?.stop();
  models?.kill();
});

test('a batch of 1,319 recorded prompts comes back as recorded', { skip }, async () => {
  const client = stack.client('none');
  const prompts = jsonLines('gsm8k_prompts.jsonl');
  const recorded = new Map(
    jsonLines('gsm8k_answers.jsonl')
      .filter((row) => row.model === MODEL)
      .map((row) => [row.id, row.answer]),
  );
  const created = await submit(client, batchFile(prompts.map((row) => [row.id, ask('auto', row.question)])));

  const batch = await poll(client, created.id);

  assert.equal(prompts.length, 1319);
  assert.equal(batch.status, 'completed');
  assert.deepEqual(batch.request_counts, { total: 1319, completed: 1319, failed: 0 });
  assert.equal(batch.error_file_id, null);
  const answers = await lines(client, batch.output_file_id);
  assert.equal(answers.length, 1319);
  assert.equal(new Set(answers.map((line) => line.custom_id)).size, 1319);
  const other = answers.filter(
    (line) => line.response.body.choices[0].message.content !== recorded.get(line.custom_id),
  );
  assert.deepEqual(other.map((line) => line.custom_id), []);
});

function topology(url) {
  return `
name: recorded
models:
  - {name: ${MODEL}, provider: openai, base_url: "${url}"}
  - {name: judge, provider: openai, base_url: "${url}"}
routes:
  - name: default
    assign: {strategy: fixed, models: [${MODEL}]}
    check: {judges: [judge], pass: 7}
`;
}

function jsonLines(name) {
  return readFileSync(data + name, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
