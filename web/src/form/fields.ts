/** The declared parameters of a service as `GET /api/analysis_service/<id>/form` gives them. */

import { base64Of } from "./base64";

export type Kind = "choice" | "boolean" | "number" | "text" | "file";

export interface Field {
  name: string;
  kind: Kind;
  label: string;
  required: boolean;
  choices?: unknown[] | null;
  default?: unknown;
  min?: number | null;
  max?: number | null;
  step?: number | null;
}

/** What stands in a control: text as it was typed, a tick, or a chosen file. */
export type Entry = string | boolean | File | null;
export type Entries = Record<string, Entry>;

/** What a form begins with: what was used last where it still fits, else the default, 0 and false included. */
export function initialEntries(fields: readonly Field[], last: Readonly<Record<string, unknown>> = {}): Entries {
  return Object.fromEntries(fields.map((field) => [field.name, entryOf(field, field.name in last ? last[field.name] : field.default)]));
}

function entryOf(field: Field, value: unknown): Entry {
  switch (field.kind) {
    case "file":
      return null;
    case "boolean":
      return value === true || (typeof value === "string" && /^true$/i.test(value));
    case "choice": {
      const known = (field.choices ?? []).some((choice) => String(choice) === String(value));
      return known && value !== undefined && value !== null ? String(value) : "";
    }
    default:
      return value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

/** What keeps an entry from being sent, as a sentence; null if nothing does. */
export function faultOf(field: Field, entry: Entry): string | null {
  const missing = entry === null || entry === "";
  if (missing) return field.required ? `${field.label} is required.` : null;
  if (field.kind !== "number") return null;
  const value = Number(entry);
  if (!Number.isFinite(value) || String(entry).trim() === "") return `${field.label} must be a number.`;
  if (field.min != null && value < field.min) return `${field.label} must be at least ${field.min}.`;
  if (field.max != null && value > field.max) return `${field.label} must be at most ${field.max}.`;
  return null;
}

/** The parameters to send: numbers as numbers, false as false, files as data URLs; what was left empty is left out. */
export async function parametersOf(fields: readonly Field[], entries: Entries): Promise<Record<string, unknown>> {
  const pairs = await Promise.all(fields.map(async (field) => [field.name, await valueOf(field, entries[field.name] ?? null)] as const));
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

async function valueOf(field: Field, entry: Entry): Promise<unknown> {
  if (field.kind === "boolean") return booleanOf(field, entry === true);
  if (entry === null || entry === "") return undefined;
  if (entry instanceof File) return dataUrlOf(entry);
  if (field.kind === "choice") return field.choices?.find((choice) => String(choice) === entry);
  return field.kind === "number" ? Number(entry) : entry;
}

/** A switch declared by two texts, `["True", "False"]`, is answered with that text; any other with true or false. */
function booleanOf(field: Field, ticked: boolean): unknown {
  const word = (field.choices ?? []).find((choice) => typeof choice === "string" && choice.toLowerCase() === String(ticked));
  return word ?? ticked;
}

/** `data:<type>;name=<name>;base64,…`, the form in which services get files. */
export async function dataUrlOf(file: File): Promise<string> {
  const type = file.type || "application/octet-stream";
  return `data:${type};name=${encodeURIComponent(file.name)};base64,${await base64Of(file)}`;
}
