// The console as a person walks it: ways in, its pages and what each of them shows when it is ready.
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

// Nothing is being read any more and nothing moves.
export async function ready(page) {
  await page.waitForFunction(
    () => document.querySelector('#console > *, main') !== null && document.querySelector('.reading, [aria-busy="true"]') === null,
  );
}

// One in so many when the time is short, all of them in the long form.
export const sample = (list, one) => (isLong ? list : list.filter((_, at) => at % one === 0));
