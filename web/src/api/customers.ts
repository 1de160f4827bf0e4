// What the hub knows about one person.
import { get } from "./call";

export interface Customer {
  id: number;
  created_ms: number;
  traits: Record<string, { value: unknown; source?: string; at_ms?: number }> | null;
  identities: { kind: string; value: string; added_ms?: number }[];
  opt_outs: { channel?: string; topic?: string; at_ms?: number }[];
}
export const customersApi = { one: (id: number) => get<Customer>(`/customers/${id}`) };

export function customerName(customer: Customer): string {
  for (const trait of ["name", "full_name", "first_name"]) {
    const value = customer.traits?.[trait]?.value;
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}
