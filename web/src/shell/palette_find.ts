// Which offers a text means: all of its words stand in the name; a name that begins with it comes first.
export function find<T extends { name: string; also?: string }>(offers: readonly T[], text: string): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...offers];
  const rated = offers.map((offer, index) => {
    const name = offer.name.toLowerCase();
    const whole = `${name} ${offer.also?.toLowerCase() ?? ""}`;
    if (!words.every((word) => whole.includes(word))) return null;
    const first = words[0] ?? "";
    const rank = name.startsWith(first) ? 0 : ` ${whole}`.includes(` ${first}`) ? 1 : 2;
    return { offer, rank, index };
  });
  return rated
    .filter((one) => one !== null)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map((one) => one.offer);
}
