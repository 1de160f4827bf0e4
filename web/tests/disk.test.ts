// What is said of the disk, and of a hub that was restored and holds all that goes out.
import { expect, it } from "vitest";
import { nameOf } from "../src/pages/lists/hold_dialogs";
import { restoredText } from "../src/pages/overview/restored";
import { isSize } from "../src/pages/settings/data";
import { lists } from "../src/text/lists";
import { overview } from "../src/text/overview";
import { reasonText, shared } from "../src/text/shared";
import { sayIn } from "../src/text/words";

const said = (reason: string) => (["en", "ko"] as const).map((one) => restoredText(reason, sayIn(overview, one)));

it("says in both languages that a backup was restored, and leaves a person's own words alone", () => {
  expect(said("restored from a backup of 2026-03-02T00:15:00Z")).toEqual([
    "restored from a backup of 2026-03-02 00:15 (UTC)",
    "2026-03-02 00:15(UTC) 백업에서 되살림",
  ]);
  expect(said("restored from a backup")).toEqual(["restored from a backup", "백업에서 되살림"]);
  expect(said("restored from a backupper")).toEqual(["restored from a backupper", "restored from a backupper"]);
  expect(said("이사")).toEqual(["이사", "이사"]);
});
it("names the hub by what it holds, and others by their name", () => {
  expect(nameOf({ kind: "hub", name: "everything" }, sayIn(lists, "en"))).toBe("Everything that goes out");
  expect(nameOf({ kind: "recipe", name: "hub" }, sayIn(lists, "ko"))).toBe("hub");
});
it("says why a run waits for the hold of the hub", () => {
  const reason = "held: hub everything is on hold (restored from a backup)";
  expect(reasonText(reason, sayIn(shared, "en"))).toBe("waits for the hold on all that goes out");
  expect(reasonText(reason, sayIn(shared, "ko"))).toBe("허브 전체 보류가 풀리기를 기다림");
});
it("takes whole gigabytes, and 0 for no limit", () => {
  for (const right of ["0", "1", "20", "99999"]) expect(isSize(right)).toBe(true);
  for (const wrong of ["", "-1", "01", "1.5", "100000", "5 GB"]) expect(isSize(wrong)).toBe(false);
});
