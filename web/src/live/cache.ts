import { signal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type Problem, problemOf } from "../api/problem";
import { onSignOut } from "../api/session";
import { onMoved, type MovedRun } from "./changes";

/** What is known of something that was asked for; `data` stays while it is asked for again, or when that fails. */
export interface Known<T> {
  data: T | undefined;
  problem: Problem | undefined;
  asking: boolean;
}

export interface Asked<T> extends Known<T> {
  /** Asks again, now. */
  again(): Promise<void>;
  /** Puts in place what is known already, such as an answer to a change. */
  put(data: T): void;
}

interface Entry<T> {
  known: Signal<Known<T>>;
  ask: () => Promise<T>;
  turn: number;
  /** Questions without an answer so far. */
  open: number;
}

const MOST_ENTRIES = 200;
const entries = new Map<string, Entry<unknown>>();
onSignOut(() => entries.clear());

function entryOf<T>(key: string, ask: () => Promise<T>): Entry<T> {
  let entry = entries.get(key) as Entry<T> | undefined;
  if (entry === undefined) {
    entry = { known: signal<Known<T>>({ data: undefined, problem: undefined, asking: true }), ask, turn: 0, open: 0 };
  } else {
    entries.delete(key);
  }
  entry.ask = ask;
  entries.set(key, entry as Entry<unknown>);
  const oldest = entries.keys().next().value;
  if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
  return entry;
}

async function refresh<T>(entry: Entry<T>): Promise<void> {
  const turn = ++entry.turn;
  entry.open++;
  entry.known.value = { ...entry.known.peek(), asking: true };
  try {
    const data = await entry.ask();
    if (turn === entry.turn) entry.known.value = { data, problem: undefined, asking: false };
  } catch (thrown) {
    if (turn === entry.turn) entry.known.value = { ...entry.known.peek(), problem: problemOf(thrown), asking: false };
  } finally {
    entry.open--;
  }
}

/**
 * Asks for something, shows at once what the last answer was, and asks again whenever a run moves that it follows, or
 * one was deleted.
 *
 * `key` stands for the question: the same key gives the same answer everywhere; null asks nothing yet.
 */
export function useAsked<T>(key: string | null, ask: () => Promise<T>, follows?: (run: MovedRun) => boolean): Asked<T> {
  const entry = useMemo(() => (key === null ? null : entryOf(key, ask)), [key]);
  if (entry !== null) entry.ask = ask;
  useEffect(() => {
    if (entry === null) return undefined;
    if (entry.open === 0) void refresh(entry); // or somebody beside asks the same already
    const isGone = (run: number): boolean => (key?.split("/") ?? []).includes(String(run)); // asked for again it would be refused
    return follows && onMoved((runs, others, deleted) => void ((others || runs.some(follows)) && !deleted.some(isGone) && refresh(entry)));
  }, [entry]);
  const known: Known<T> = entry?.known.value ?? { data: undefined, problem: undefined, asking: false };
  return {
    ...known,
    again: async () => entry && refresh(entry),
    put: (data) => {
      if (entry === null) return;
      entry.turn++;
      entry.known.value = { data, problem: undefined, asking: false };
    },
  } as Asked<T>;
}

/** Drops what was known under keys that begin so; who shows it asks again when it is next shown. */
export function forget(prefix: string): void {
  for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key);
}
