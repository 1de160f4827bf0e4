// The console as a person walks it: ways in, its pages and what each of them shows when it is ready.
import { until } from '../support/hub.mjs';
import { isLong } from './browser.mjs';

// Through a link of the machine's owner, as `ieum console` makes it.
export async function enter(person, hub) {
  const { url } = await hub.api('POST', 'login-links');
  const page = await person.page();
  await page.goto(url);
  await page.getByRole('main').waitFor();
  await page.waitForURL((address) => !address.pathname.startsWith('/enter'));
  return page;
}

// Through the link that the hub prints at its start, once: whoever opens it becomes the owner.
export async function claim(person, hub, { name, password }) {
  const printed = await until(async () => hub.printed(), (text) => /\/claim#\S+\s/.test(text));
  const link = printed.match(/http:\/\/[^\s"]+\/claim#[^\s"]+/)[0];
  const page = await person.page();
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Claim this hub' }).click();
  return page;
}

// The page is drawn and nothing is being read: true for a few frames in a row.
export async function ready(page) {
  await page.evaluate(() => (window.__still = 0));
  await page.waitForFunction(() => {
    const reads = window.__asking > 0 || document.querySelector('.skeleton, .reading, [aria-busy="true"]') !== null;
    const isDrawn = document.querySelector('h1, h2') !== null;
    window.__still = reads || !isDrawn ? 0 : window.__still + 1;
    return window.__still > 5;
  });
}

// One in so many when the time is short, all of them in the long form.
export const sample = (list, one) => (isLong ? list : list.filter((_, at) => at % one === 0));
