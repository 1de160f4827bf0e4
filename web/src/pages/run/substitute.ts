// A substitute answer: what it can begin as, and whether what was typed is one.
import { parseExact } from "../../api/json_text";

const empty = new Map<string, unknown>([
  ["string", ""],
  ["integer", 0],
  ["number", 0],
  ["decimal", "0"],
  ["boolean", false],
  ["list", []],
  ["object", {}],
  ["map", {}],
]);

// One value for each output that the operation tells.
export const outputSample = (outputs: readonly { name: string; type: string }[]): object =>
  Object.fromEntries(outputs.map(({ name, type }) => [name, empty.has(type) ? empty.get(type) : null]));

// Where a text is no JSON object: why.
export function problemOf(data: string): string | null {
  try {
    const value: unknown = parseExact(data);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? null : "{ … }";
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
