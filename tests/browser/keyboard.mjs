// A walk over a page with the Tab key: everything that a click reaches is reached, and each stop can be seen.

// What a mouse can use, named as a reader would find it. Parts of one control (tabs, options, cells of a grid, radio buttons)
// are walked with arrow keys; one stop stands for all of them.
const usable = () => {
  const composite = '[role=tablist], [role=listbox], [role=menu], [role=grid], [role=tree], [role=radiogroup], [role=toolbar]';
  const able = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"]), [contenteditable=true]';
  const seen = (one) => one.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && !one.closest('[inert]') && one.getClientRects().length > 0;
  const name = (one) =>
    `<${one.tagName.toLowerCase()}> ${(one.getAttribute('aria-label') ?? one.innerText ?? '').trim().slice(0, 40) || one.name || one.type || one.className}`;
  const all = [...document.querySelectorAll(able)].filter((one) => seen(one) && !one.disabled && !(one.closest(composite) && one.tabIndex < 0));
  // Something with the hand of a link that is no control, holds none and belongs to none. A picture is left out: what its parts
  // lead to must stand beside it as links.
  const hands = [...document.querySelectorAll('body *')].filter(
    (one) =>
      getComputedStyle(one).cursor === 'pointer' &&
      getComputedStyle(one.parentElement).cursor !== 'pointer' &&
      seen(one) && !one.matches(`${able}, [role=img]`) && !one.closest(`${able}, label, ${composite}`) && !one.querySelector(able),
  );
  // How a stop and what is around it look; one of them must look otherwise when it has the focus.
  const looks = (one) => {
    const around = [];
    for (let at = one; at && at !== document.body && around.length < 4; at = at.parentElement) around.push(at);
    return around
      .map((at) => getComputedStyle(at))
      .map((style) => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor, style.borderColor].join())
      .join('\n');
  };
  return { stops: all, hands: hands.map(name), name, looks };
};

// { missed, unseen, hands }: names of what Tab does not reach, of stops without a visible mark, and of what only a mouse can use.
export async function walk(page) {
  await page.evaluate(`window.__usable = ${usable}`);
  const count = await page.evaluate(() => {
    document.activeElement?.blur();
    const { stops, hands, name, looks } = window.__usable();
    const plain = new Map(stops.map((one) => [one, looks(one)]));
    const reached = new Set();
    const unseen = new Set();
    const arrive = ({ target }) => {
      for (const member of target.type === 'radio' ? document.getElementsByName(target.name) : [target]) reached.add(member);
      const box = target.getBoundingClientRect();
      const hidden = box.width < 2 || box.height < 2 || box.bottom < 0 || box.right < 0;
      if (hidden || looks(target) === plain.get(target)) unseen.add(name(target));
    };
    document.addEventListener('focusin', arrive, true);
    window.__walked = () => {
      document.removeEventListener('focusin', arrive, true);
      return { missed: stops.filter((one) => !reached.has(one) && one.isConnected).map(name), unseen: [...unseen], hands };
    };
    getSelection()?.removeAllRanges();
    document.body.setAttribute('tabindex', '-1');
    document.body.focus();
    document.body.removeAttribute('tabindex');
    scrollTo(0, 0);
    return stops.length;
  });
  for (let at = 0; at < count + 4; ++at) await page.keyboard.press('Tab');
  return page.evaluate(() => window.__walked());
}
