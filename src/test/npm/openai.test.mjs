import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { ask, batchFile, lines, poll, start, submit } from './stack.mjs';

const TOPOLOGY = `
name: npm
engine: {drain_timeout: 0s}
models:
  - {name: small, provider: simulated, simulate: {latency: 20ms}}
  - {name: judge, provider: simulated, simulate: {latency: 20ms}}
  - {name: slow, provider: simulated, simulate: {latency: 1s}, limits: {in_flight: 4}}
routes:
  - {name: patient, match: {task: [slow]}, assign: {strategy: fixed, models: [slow]}}
  - name: support
    assign: {strategy: cascade, models: [small]}
    check: {judges: [judge], pass: 1}
tenants: {acme: {topic: prompts.acme}}
`;

let stack;
let client;

before(async () => {
  stack = await start(TOPOLOGY, 'plain-key, acme=acme-key');
  client = stack.client('plain-key');
});
after(() => stack?.stop());

test('a chat completion comes with its grade', async () => {
  const { data, response } = await client.chat.completions.create(ask('auto', '6 times 7?')).withResponse();

  assert.equal(data.object, 'chat.completion');
  assert.ok(data.choices[0].message.content);
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.ok(data.usage.total_tokens > 0);
  assert.equal(data.assay.outcome, 'graded');
  assert.equal(response.headers.get('x-assay-grade'), String(data.assay.grade.toFixed(1)));
});

test('a stream ends with the usage', async () => {
  const stream = await client.chat.completions.create({
    ...ask('support', '6 times 7?'),
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);

  assert.ok(chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''));
  assert.ok(chunks.some((chunk) => chunk.choices[0]?.finish_reason === 'stop'));
  assert.ok(chunks.at(-1).usage.total_tokens > 0);
});

test('models are listed', async () => {
  const models = [];
  for await (const model of client.models.list()) models.push(model.id);

  assert.deepEqual(models, ['auto', 'patient', 'support', 'small', 'slow']);
  assert.equal((await client.models.retrieve('support')).id, 'support');
});

test('a wrong key is told as OpenAI does', async () => {
  await assert.rejects(stack.client('wrong').models.list(), OpenAI.AuthenticationError);
  await assert.rejects(stack.client('wrong').batches.list(), OpenAI.AuthenticationError);
});

test('a batch goes from upload to its two files', async () => {
  const good = Array.from({ length: 50 }, (_, i) => [`r${i}`, ask('auto', `prompt ${i}`)]);
  const created = await submit(client, batchFile([...good, ['bad', { model: 'auto', messages: [] }]]));
  assert.equal(created.status, 'validating');
  assert.equal(created.output_file_id, null);

  const batch = await poll(client, created.id);

  assert.equal(batch.status, 'completed');
  assert.deepEqual(batch.request_counts, { total: 51, completed: 50, failed: 1 });
  const answers = await lines(client, batch.output_file_id);
  assert.deepEqual(answers.map((line) => line.custom_id).sort(), good.map(([id]) => id).sort());
  assert.ok(answers.every((line) => line.response.status_code === 200 && line.error === null));
  const failures = await lines(client, batch.error_file_id);
  assert.deepEqual(failures.map((line) => [line.custom_id, line.response.status_code]), [['bad', 400]]);
  assert.equal((await client.files.delete(batch.input_file_id)).deleted, true);
  await assert.rejects(client.files.retrieve(batch.input_file_id), OpenAI.NotFoundError);
});

test('a malformed file fails with its lines', async () => {
  const text = batchFile([['a', ask('auto', 'hi')]]) + 'no json\n';
  const batch = await poll(client, (await submit(client, text)).id);

  assert.equal(batch.status, 'failed');
  assert.deepEqual(batch.errors.data.map((error) => [error.line, error.code]), [[2, 'invalid_json_line']]);
});

test('a cancelled batch keeps what was finished', async () => {
  const text = batchFile(Array.from({ length: 200 }, (_, i) => [`r${i}`, ask('patient', `prompt ${i}`)]));
  const created = await submit(client, text);
  await poll(client, created.id, (batch) => batch.request_counts.completed > 0);

  assert.equal((await client.batches.cancel(created.id)).status, 'cancelling');
  const batch = await poll(client, created.id);

  assert.equal(batch.status, 'cancelled');
  const { completed, failed } = batch.request_counts;
  assert.equal(completed + failed, 200);
  assert.equal((await lines(client, batch.output_file_id)).length, completed);
  assert.ok((await lines(client, batch.error_file_id)).every((line) => line.error.code === 'batch_cancelled'));
});

test('lists come in pages, and a tenant sees only its own', async () => {
  const acme = stack.client('acme-key');
  const ids = [];
  for (let i = 0; i < 3; i++) {
    ids.push((await submit(acme, batchFile([['a', ask('auto', 'hi')]]))).id);
  }
  const batches = [];
  for await (const batch of acme.batches.list({ limit: 2 })) batches.push(batch.id);
  assert.deepEqual(batches, ids.toReversed());
  const files = [];
  for await (const file of acme.files.list({ limit: 2, purpose: 'batch' })) files.push(file.purpose);
  assert.deepEqual(files, ['batch', 'batch', 'batch']);
  for (const id of ids) assert.equal((await poll(acme, id)).request_counts.completed, 1);
});
