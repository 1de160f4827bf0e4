// What is asked of a connector's manifest: whether somebody means it, and which lists at the vendor it knows. Pure.
import type { Connector } from "../../api/connections";

// Both languages and the name: somebody may know an app by any of them.
export const fits = (connector: Connector, sought: string): boolean =>
  [connector.name, connector.title.ko, connector.title.en, connector.help.ko, connector.help.en]
    .join(" ")
    .toLowerCase()
    .includes(sought.trim().toLowerCase());

// The lists that inputs and fields of the connector are chosen from.
export function listsOf(connector: Connector): string[] {
  const fields = [...connector.fields, ...connector.operations.flatMap((operation) => operation.inputs ?? [])];
  return [...new Set(fields.flatMap((field) => (field.resource ? [field.resource.name] : [])))].sort();
}
