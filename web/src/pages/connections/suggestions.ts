// What the vendor has for a field, from the hub's copy of its list: proposals, never limits.
import { connectionsApi, type Question } from "../../api/connections";
import { useRead } from "../../data/query";

export interface Suggestion {
  key: string;
  title: string;
}

// A connection that is not stored yet has no lists; one that is may not have been asked. Then there is nothing to propose.
export function useSuggestions(connection: string | null, question: Question): readonly Suggestion[] {
  const list = question.resource?.name ?? "";
  const { value } = useRead(
    ["connections", connection, "lists", list],
    () => connectionsApi.vendorList(connection ?? "", list),
    { when: connection !== null && list !== "" },
  );
  return (value?.items ?? []).map(({ key, title }) => ({ key, title: title ?? key }));
}
