// What a test in JavaScript starts: the sandbox and a hub of this build, as processes of their own on free ports, each ended
// with the test file that started it. Files run beside each other and share nothing.
import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
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
export const atTheEnd = (end) => endings.push(end);
after(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

// A file that is ended in its middle leaves nothing behind either.
const children = new Set();
const directories = new Set();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

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
  const path = await mkdtemp(join(tmpdir(), 'ieum-test-'));
  directories.add(path);
  return path;
}

// Runs `ieum` with these words until a line of its output holds `sign`; killed after the file's last test.
// Gives what it has printed so far.
async function start(words, sign) {
  const child = spawn(binary, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let printed = '';
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => {
      children.delete(child);
      resolve(code);
    });
  });
  endings.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await new Promise((resolve, reject) => {
    const read = (bytes) => {
      printed += bytes;
      if (printed.includes(sign)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    ended.then((code) => reject(new Error(`ieum ${words[0]} ended with ${code}:\n${printed}`)));
  });
  return () => printed;
}

// One call of an API that speaks JSON; what is no 2xx is an error with the answer in it.
async function ask(base, method, path, body, headers = {}) {
  const answer = await fetch(base + path, {
    method,
    headers: { ...(method === 'GET' ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? (method === 'POST' ? '{}' : undefined) : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { status: answer.status });
  return text === '' ? null : JSON.parse(text);
}

// Asks until the answer is there, a few times a second; after a minute it is an error that says what was seen last.
export async function until(ask, isThere) {
  for (let left = 600; ; --left) {
    const seen = await ask();
    if (isThere(seen)) return seen;
    if (left === 0) throw new Error(`waited in vain; seen last: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// The vendors' stand-ins. `url` is http://127.0.0.1:PORT.
export async function startSandbox(...words) {
  const url = `http://127.0.0.1:${await freePort()}`;
  await start(['sandbox', '--listen', url.slice('http://'.length), ...words], 'sandbox:');
  const control = (method, path, body) => ask(`${url}/_sandbox/`, method, path, body);
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
  const admin = `http://127.0.0.1:${await freePort()}`;
  const listen = ['--public', url.slice('http://'.length), '--admin', admin.slice('http://'.length)];
  const printed = await start(['serve', '--data', data, ...listen, '--log', 'json', ...words], 'the hub listens');
  const token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
  const files = await directory();
  const ieum = async (...rest) => (await run(binary, [...rest, '--data', data])).stdout;
  return {
    url,
    admin,
    printed,
    ieum,
    // api('GET', 'runs'); paths below /api/v1/, by the machine's owner.
    api: (method, path, body) => ask(`${admin}/api/v1/`, method, path, body, { authorization: `Bearer ${token}` }),
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
