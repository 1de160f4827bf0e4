import { describe, expect, it } from "vitest";
import { keyBytesMax, keyOwner, keyTrouble, readKeyFile } from "../../src/pages/connections/key_file";

const key = JSON.stringify({ client_email: "hub@project.example", private_key: "-----BEGIN PRIVATE KEY-----" });
const file = (text: string) => new Blob([text]);

describe("a key file", () => {
  it("is taken whole, without the mark some editors put before it", async () => {
    expect(await readKeyFile(file(`\uFEFF${key}\n`))).toEqual({ text: key });
    expect(keyOwner(key)).toBe("hub@project.example");
  });
  it("is refused with what it is instead", () => {
    expect(keyTrouble("MIIE...")).toBe("no_json");
    expect(keyTrouble("null")).toBe("no_key");
    expect(keyTrouble(JSON.stringify({ private_key: "x" }))).toBe("no_key");
    expect(keyTrouble(JSON.stringify({ web: { client_id: "1" } }))).toBe("is_client");
    expect(keyOwner("MIIE")).toBe("");
  });
  it("is not even read when it is too large", async () => {
    const large = { size: keyBytesMax + 1, text: () => Promise.reject(new Error("was read")) };
    expect(await readKeyFile(large)).toEqual({ trouble: "too_large" });
  });
});
