// What a test of an SDK starts: the sandbox and a hub of this build, as processes of their own on free ports, each ended with
// the test file that started it. One file a vendor: <vendor>.test.mjs; files run beside each other and share nothing.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const binary = process.env.IEUM_BINARY ?? join(root, 'build/ieum');

const run = promisify(execFile);

// Done after the file's last test, last first. Not `after` where a thing is made: inside a hook that is over with the hook.
const endings = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function directory() {
  const path = await mkdtemp(join(tmpdir(), 'ieum-sdk-'));
  endings.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

// Runs `ieum` with these words until a line of its output holds `sign`; killed after the file's last test.
function start(words, sign) {
  const child = spawn(binary, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const ready = new Promise((resolve, reject) => {
    const read = (bytes) => {
      printed += bytes;
      if (printed.includes(sign)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ieum ${words[0]} ended with ${code}:\n${printed}`)));
  });
  endings.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
  return ready;
}

// The vendors' stand-ins. `url` is http://127.0.0.1:PORT.
export async function startSandbox(...words) {
  const url = `http://127.0.0.1:${await freePort()}`;
  await start(['sandbox', '--listen', url.slice('http://'.length), ...words], 'sandbox:');
  const control = async (method, path, body) => {
    const answer = await fetch(`${url}/_sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /_sandbox/${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    url,
    // control('GET', 'messages'); paths below /_sandbox/.
    control,
    // Calls that the sandbox took, oldest first: [{vendor, operation, method, target, headers, body, status, effect}].
    calls: async (vendor) => (await control('GET', `calls?vendor=${vendor}`)).calls,
  };
}

// A hub with an empty data directory. `ieum(words...)` is the command line on it.
export async function startHub(...words) {
  const data = join(await directory(), 'data');
  const url = `http://127.0.0.1:${await freePort()}`;
  const admin = `127.0.0.1:${await freePort()}`;
  await start(
    ['serve', '--data', data, '--public', url.slice('http://'.length), '--admin', admin, '--log', 'json', ...words],
    'the hub listens',
  );
  const files = await directory();
  const ieum = async (...rest) => (await run(binary, [...rest, '--data', data])).stdout;
  return {
    url,
    ieum,
    hook: (connection) => `${url}/hooks/${connection}`,
    // connect('shop', {connector: 'shopify', shop: 'x.myshopify.com'}, {client_secret: '...'})
    connect: async (name, { connector = name, ...fields } = {}, secrets = {}) => {
      const options = ['--connector', connector];
      for (const [field, value] of Object.entries(fields)) options.push('--set', `${field}=${value}`);
      for (const [slot, value] of Object.entries(secrets)) {
        const path = join(files, `${name}-${slot}`);
        await writeFile(path, value);
        options.push('--secret', `${slot}=${path}`);
      }
      return ieum('connection', 'add', name, ...options);
    },
  };
}
