/** Results of any shape as rows of a table: where a value stands, what it is, and its error if there is one. */
export interface ResultRow {
  name: string;
  value: string;
  error: string | null;
}

type Json = null | boolean | number | string | Json[] | Table;
interface Table {
  [name: string]: Json;
}

const MOST_ROWS = 5_000;
const LONGEST_LIST = 8;
/** Names under which services put the errors of what stands beside, or in a table beside. */
const ERROR_TABLE = /^(errors?|errs?|uncertaint(y|ies)|stds?|sigmas?)$/i;
const ERROR_NAMES = [/^(.+?)_?(err|error|unc|uncertainty|std|sigma)$/i, /^(?:e|d|err|error|sigma)_(.+)$/i];

/** Flattens results; errors stand beside their values, wherever services are used to put them. */
export function rowsOf(results: unknown): ResultRow[] {
  const rows: ResultRow[] = [];
  walk(results as Json, "", null, {}, rows);
  return rows;
}

/** Adds the rows of a node; `error` is its own, `errors` are those of what stands in it. */
function walk(node: Json, name: string, error: Json, errors: Table, rows: ResultRow[]): void {
  if (rows.length >= MOST_ROWS) return;
  if (isTable(node)) walkTable(node, name, errors, rows);
  else if (Array.isArray(node) && node.some((item) => typeof item === "object" && item !== null)) {
    node.forEach((item, place) => walk(item, `${name}[${place}]`, null, {}, rows));
  } else {
    const shown = typeof error === "number" || typeof error === "string" ? String(error) : null;
    rows.push({ name: name || "value", value: Array.isArray(node) ? list(node) : String(node), error: shown });
  }
}

function walkTable(node: Table, name: string, errors: Table, rows: ResultRow[]): void {
  const tableName = Object.keys(node).find((key) => ERROR_TABLE.test(key) && isTable(node[key]));
  const table = tableName === undefined ? {} : (node[tableName] as Table);
  const own = { ...errors, ...table, ...errorsBeside(node) };
  for (const [key, value] of Object.entries(node)) {
    if (key === tableName ? everyValueFound(node, key) : isErrorBeside(node, key)) continue;
    const inner = key === tableName || !isTable(value) ? {} : table;
    walk(value, name ? `${name}.${key}` : key, own[key] ?? null, inner, rows);
  }
}

/** The name of the number beside that a number is the error of. */
function valueNameOf(node: Table, key: string): string | undefined {
  if (typeof node[key] !== "number") return undefined;
  const names = ERROR_NAMES.map((form) => form.exec(key)?.[1]);
  return names.find((value) => value !== undefined && typeof node[value] === "number");
}

const isErrorBeside = (node: Table, key: string): boolean => valueNameOf(node, key) !== undefined;

function errorsBeside(node: Table): Table {
  const pairs = Object.keys(node).map((key) => [valueNameOf(node, key), node[key] ?? null] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, Json] => pair[0] !== undefined));
}

/** Whether every error of a table belongs to a value beside it or in a table beside it: it is not shown by itself then. */
function everyValueFound(node: Table, tableName: string): boolean {
  const others = Object.entries(node).flatMap(([key, value]) => (key !== tableName && isTable(value) ? [value] : []));
  return Object.keys(node[tableName] as Table).every((name) => [node, ...others].some((place) => name in place));
}

function isTable(node: Json | undefined): node is Table {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

function list(items: Json[]): string {
  const shown = items.slice(0, LONGEST_LIST).map((item) => (typeof item === "number" ? shortened(String(item), 8) : String(item))).join(", ");
  return items.length > LONGEST_LIST ? `${shown}, … (${items.length} values)` : shown;
}

/** Writes a number with at most so many significant digits; anything else as it is. */
export function shortened(text: string, digits: number): string {
  const number = Number(text);
  if (text.length <= digits || !/\d[.e]/.test(text) || !Number.isFinite(number)) return text; // a whole number may be an id
  return String(Number(number.toPrecision(digits)));
}
