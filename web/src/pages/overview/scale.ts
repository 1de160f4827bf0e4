// The arithmetic of the chart: a round top, and paths for a row of heights. Pure.
interface Size {
  width: number;
  height: number;
}

// The next of 1, 2, 5, 10, 20, 50 … that is not below.
export function niceTop(most: number): number {
  let power = 1;
  while (power * 10 < most) power *= 10;
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most;
}

// One point in the middle of each slot, measured from the lower edge.
export function line(heights: readonly number[], { width, height }: Size): string {
  const wide = width / Math.max(1, heights.length);
  return heights
    .map((one, index) => `${index === 0 ? "M" : "L"}${round((index + 0.5) * wide)} ${round(height - one)}`)
    .join("");
}

// The same, closed along the lower edge.
export function area(heights: readonly number[], size: Size): string {
  if (heights.length === 0) return "";
  const wide = size.width / heights.length;
  return `${line(heights, size)}L${round(size.width - wide / 2)} ${size.height}L${round(wide / 2)} ${size.height}Z`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
