// A service account's key as a file: read in the browser, looked at before it goes to the hub, and never shown.
export const keyBytesMax = 64 * 1024;
export type KeyTrouble = "too_large" | "no_json" | "no_key" | "is_client";

// What is wrong with a key; nothing when it can be one.
export function keyTrouble(text: string): KeyTrouble | null {
  if (new TextEncoder().encode(text).length > keyBytesMax) return "too_large";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "no_json";
  }
  if (typeof value !== "object" || value === null) return "no_key";
  const { client_email, private_key, web, installed } = value as Record<string, unknown>;
  if (client_email && private_key) return null;
  return web || installed ? "is_client" : "no_key";
}

// Whom the things to be read must be shared with.
export function keyOwner(text: string): string {
  try {
    const { client_email } = JSON.parse(text) as { client_email?: unknown };
    return typeof client_email === "string" ? client_email : "";
  } catch {
    return "";
  }
}

interface FileLike {
  size: number;
  text(): Promise<string>;
}
export async function readKeyFile(file: FileLike): Promise<{ text: string } | { trouble: KeyTrouble }> {
  if (file.size > keyBytesMax) return { trouble: "too_large" };
  const text = (await file.text()).replace(/^\uFEFF/, "").trim();
  const trouble = keyTrouble(text);
  return trouble ? { trouble } : { text };
}
