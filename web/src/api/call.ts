// One call to the hub: it gives its value or throws ApiError; the session travels as a cookie.
import { parseExact, pretty } from "./json_text";

// status 0: no answer came ("unreachable").
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly mend = "",
    readonly detail: Record<string, unknown> = {}, // the other members of the error: place, findings, run ...
  ) {
    super(message);
  }
}
export const troubleOf = (cause: unknown): ApiError =>
  cause instanceof ApiError
    ? cause
    : new ApiError(0, "console_broken", cause instanceof Error ? cause.message : String(cause));

const patience = 30_000;

async function call<T>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const limit = AbortSignal.timeout(patience);
  const request: RequestInit = {
    method,
    credentials: "same-origin",
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  };
  if (method === "POST") {
    request.headers = { "Content-Type": "application/json" };
    request.body = pretty(body ?? {});
  }
  let status = 0;
  let text: string;
  try {
    const answer = await fetch(`/api/v1${path}`, request);
    status = answer.status;
    text = await answer.text();
  } catch (cause) {
    throw new ApiError(0, "unreachable", cause instanceof Error ? cause.message : String(cause));
  }
  let value: unknown;
  try {
    value = parseExact(text);
  } catch {
    throw new ApiError(status, "strange_answer", `status ${status}, and no JSON`);
  }
  if (status >= 200 && status < 300) return value as T;
  const error = (value as { error?: { code?: string; message?: string; mend?: string } } | null)?.error;
  throw new ApiError(
    status,
    error?.code ?? "strange_answer",
    error?.message ?? `status ${status}`,
    error?.mend,
    error as Record<string, unknown> | undefined,
  );
}

export type Query = Record<string, string | number | boolean | null | undefined>;
// "?state=waiting&limit=50"; what is null, undefined or empty is left out.
export function queryText(query: Query): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") text.set(name, String(value));
  }
  return text.size === 0 ? "" : `?${text}`;
}

export const get = <T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> =>
  call<T>("GET", path + queryText(query), undefined, signal);
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>("POST", path, body);
export const remove = <T>(path: string): Promise<T> => call<T>("DELETE", path);

// A name as one piece of a path.
export const piece = encodeURIComponent;
