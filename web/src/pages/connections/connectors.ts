// What is asked of a connector's manifest: whether somebody means it, and which lists at the vendor it knows. Pure.
import type { Connector } from "../../api/connections";
import type { Both } from "../../text/surroundings";

// Both languages and the name: somebody may know an app by any of them.
export const fits = (connector: Connector, sought: string): boolean =>
  [connector.name, connector.title.ko, connector.title.en, connector.help.ko, connector.help.en]
    .join(" ")
    .toLowerCase()
    .includes(sought.trim().toLowerCase());

// What a poll, a webhook or a list is called, with the element that it is about; the words of its name where nobody told.
export function standingTitle(
  connector: Connector | undefined,
  of: "polls" | "subscriptions" | "resources",
  name: string,
  item = "",
): Both {
  const title = connector?.[of]?.find((one) => one.name === name)?.title;
  const plain = name.replaceAll(/[_-]+/g, " ");
  const about = item === "" ? "" : ` (${item})`;
  return { ko: (title?.ko || plain) + about, en: (title?.en || plain) + about };
}

// The lists that inputs and fields of the connector are chosen from.
export function listsOf(connector: Connector): string[] {
  const fields = [...connector.fields, ...connector.operations.flatMap((operation) => operation.inputs ?? [])];
  return [...new Set(fields.flatMap((field) => (field.resource ? [field.resource.name] : [])))].sort();
}
