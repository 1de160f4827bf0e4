import { expect, it } from "vitest";
import { audit, deedKey } from "../../src/text/audit";
import { known } from "../../src/text/words";

it("has words for what people do, and none for what it does not know", () => {
  expect(known(audit, deedKey("POST /api/v1/runs/{id}/cancel"))).toBe("POST /runs/{id}/cancel");
  expect(known(audit, deedKey("PATCH /api/v1/odd"))).toBeNull();
});
