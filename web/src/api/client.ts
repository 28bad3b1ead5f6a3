import createClient from "openapi-fetch";
import { BASE } from "./base";
import { problemOf, refusal } from "./problem";
import type { paths } from "./schema";
import { signedInAgain } from "./session";

const LACKS = /lacks the permission/;
const UNAUTHORIZED = 401;

/** Sends a request; one that finds the session ended waits until somebody has signed in over the page, and goes again. */
async function guarded(request: Request): Promise<Response> {
  for (;;) {
    const response = await fetch(request.clone());
    if (response.status !== UNAUTHORIZED || LACKS.test(await response.clone().text())) return response;
    await signedInAgain();
  }
}

/** The whole API, typed by its own description. */
export const api = createClient<paths>({ baseUrl: location.origin + BASE.replace(/\/$/, ""), fetch: guarded });

interface Answered<T> {
  data?: { data: T };
  error?: unknown;
  response: Response;
}

/** Takes the data out of the envelope of an answer; throws a Problem. */
export async function dataOf<T>(asked: Promise<Answered<T>>): Promise<T> {
  return (await answerOf(asked)).data;
}

/** The same with the answer's headers. */
export async function answerOf<T>(asked: Promise<Answered<T>>): Promise<{ data: T; headers: Headers }> {
  let answered: Answered<T>;
  try {
    answered = await asked;
  } catch (thrown) {
    throw problemOf(thrown);
  }
  if (answered.data === undefined) throw refusal(answered.response, answered.error);
  return { data: answered.data.data, headers: answered.response.headers };
}

interface Options {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Asks for what the API's description does not type well enough: a path from `/api`, with the data as `T`. */
export async function ask<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return (await askWhole<T>(method, path, options)).data;
}

/** The same with the answer's headers. */
export async function askWhole<T>(method: string, path: string, options: Options = {}): Promise<{ data: T; headers: Headers }> {
  const given = Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const raw = options.body instanceof Blob || options.body instanceof FormData;
  const response = await send(
    new Request(BASE + path.replace(/^\//, "") + (query && `?${query}`), {
      method,
      ...(options.body !== undefined && { body: raw ? (options.body as BodyInit) : JSON.stringify(options.body) }),
      headers: { ...(options.body !== undefined && !raw && { "Content-Type": "application/json" }), ...options.headers },
      ...(options.signal && { signal: options.signal }),
    }),
  );
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, body);
  return { data: (body as { data: T }).data, headers: response.headers };
}

/** Sends any request of our own and returns the answer as it is; throws a Problem if none came. */
export async function send(request: Request): Promise<Response> {
  try {
    return await guarded(request);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    throw problemOf(thrown);
  }
}
