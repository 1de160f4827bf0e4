// Which pages there are: those that links and tabs lead to, from the first one on. A page that is new is looked at without being listed.
import { ready } from './console.mjs';

// Pages that differ only in what they are about are one: numbers and the names of this hub's things are left out.
export function patternOf(address, names) {
  const { pathname, searchParams } = new URL(address);
  const path = pathname.split('/').map((piece) => (/^\d+$/.test(piece) ? ':n' : names.has(decodeURIComponent(piece)) ? ':name' : piece));
  const keys = [...new Set(searchParams.keys())].sort();
  return path.join('/') + (keys.length > 0 ? `?${keys.join('&')}` : '');
}

export async function namesOf(hub) {
  const kinds = ['recipes', 'connections', 'connectors'];
  const lists = await Promise.all(kinds.map(async (kind) => (await hub.api('GET', kind))[kind]));
  return new Set(lists.flat().map((one) => one.name));
}

// [{pattern, address}], the address of the first page of each pattern. `pageOf(n)`: where the nth of them is opened.
// `look({pattern, address}, n)` is called on each, as it stands there.
export async function explore(pageOf, hub, names, look = async () => {}) {
  const found = new Map();
  const rows = new Set();
  const queue = [new URL('/', hub.admin).href];
  while (queue.length > 0) {
    const address = queue.shift();
    const pattern = patternOf(address, names);
    if (found.has(pattern) || /^\/api\/|\.\w+$/.test(new URL(address).pathname)) continue;
    const number = found.size;
    const page = await pageOf(number);
    found.set(pattern, address);
    await page.goto(address);
    await ready(page);
    await look({ pattern, address }, number);
    const links = await page.locator('a[href]').evaluateAll((all) => all.filter((one) => !one.download).map((one) => one.href));
    queue.push(...links.map((link) => link.replace(/#.*$/, '')).filter((link) => new URL(link).origin === hub.admin));
    // A tab is a page of its own when the address follows it. One row of tabs is tried once.
    for (const row of await page.getByRole('tablist').all()) {
      const tabs = await row.getByRole('tab').all();
      const kind = `${pattern.split('/')[1]} ${tabs.length}`;
      if (rows.has(kind)) continue;
      rows.add(kind);
      for (const tab of tabs) {
        await tab.click();
        await ready(page);
        queue.push(page.url());
      }
    }
  }
  return [...found].map(([pattern, address]) => ({ pattern, address }));
}

// A name for files: "runs-n-tab" for /runs/:n?tab.
export const fileName = (pattern) => pattern.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'home';
