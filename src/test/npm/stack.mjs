// A local stack of this checkout, for one test file.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import OpenAI, { toFile } from 'openai';

const assay = fileURLToPath(new URL('../../../assay', import.meta.url));
const STARTING_MS = 120_000;

/** Starts `assay up` with a topology on free ports; resolves when it takes prompts. */
export async function start(topology, keys) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-npm-'));
  writeFileSync(join(folder, 'topology.yaml'), topology);
  const ports = ['--kafka-port', '0', '--registry-port', '0', '--http-port', '0'];
  const child = spawn(assay, ['up', '-t', join(folder, 'topology.yaml'), '--data', join(folder, 'data'), ...ports], {
    env: { ...process.env, ASSAY_API_KEYS: keys },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await baseUrl(child, ended);
  return {
    client: (key) => new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0 }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function baseUrl(child, ended) {
  const said = [];
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${why}; it said:\n${said.join('\n')}`));
    const timer = setTimeout(() => fail('the stack did not start in time'), STARTING_MS);
    ended.then((code) => fail(`the stack ended with ${code}`));
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const found = line.match(/^OpenAI's API\s+(\S+)/);
      if (found) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    });
  });
}

/** A batch file of these requests: custom id to body. */
export function batchFile(requests) {
  const lines = requests.map(([custom_id, body]) =>
    JSON.stringify({ custom_id, method: 'POST', url: '/v1/chat/completions', body }),
  );
  return lines.join('\n') + '\n';
}

export function ask(model, content) {
  return { model, messages: [{ role: 'user', content }] };
}

/** Uploads a batch file and creates its batch. */
export async function submit(client, text) {
  const file = await toFile(Buffer.from(text), 'requests.jsonl');
  const input = await client.files.create({ file, purpose: 'batch' });
  return client.batches.create({ input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
}

/** Polls until a condition holds of the batch. */
export async function poll(client, id, condition = ended) {
  for (;;) {
    const batch = await client.batches.retrieve(id);
    if (condition(batch)) return batch;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function ended(batch) {
  return ['completed', 'failed', 'expired', 'cancelled'].includes(batch.status);
}

/** The lines of a file as objects. */
export async function lines(client, fileId) {
  const text = await (await client.files.content(fileId)).text();
  return text.trimEnd().split('\n').map((line) => JSON.parse(line));
}
