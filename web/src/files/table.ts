/** Tables as people keep them: CSV with any of the usual separators, ECSV, columns between spaces. */

export interface Row {
  /** In the file, counted from 1. */
  line: number;
  cells: string[];
}

export interface Table {
  columns: string[];
  rows: Row[];
}

const SEPARATORS = [",", ";", "\t", "|"];

/** Reads a table; its first line that is no comment names the columns, unless it consists of numbers. */
export function tableOf(text: string): Table {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((content, place) => ({ content, line: place + 1 }));
  const told = lines.find(({ content }) => content.trim() !== "" && !content.startsWith("#"));
  if (!told) return { columns: [], rows: [] };
  const separator = separatorOf(told.content);
  const cells = (content: string) => cellsOf(content, separator);
  const first = cells(told.content);
  const named = first.some((cell) => cell !== "" && Number.isNaN(Number(cell)));
  const below = lines.filter(
    ({ line, content }) => (named ? line > told.line : line >= told.line) && content.trim() !== "" && !content.startsWith("#"),
  );
  const commented = named ? undefined : lines.filter(({ line, content }) => line < told.line && content.startsWith("#")).at(-1);
  const names = commented && cells(commented.content.replace(/^#+\s*/, ""));
  return {
    columns: named ? first : names?.length === first.length ? names : first.map((_, place) => `column ${place + 1}`),
    rows: below.map(({ line, content }) => ({ line, cells: cells(content) })),
  };
}

function separatorOf(line: string): string | null {
  const counts = SEPARATORS.map((separator) => line.split(separator).length - 1);
  const most = Math.max(...counts);
  return most > 0 ? (SEPARATORS[counts.indexOf(most)] ?? null) : null;
}

/** Splits a line; null is any white space. Cells may stand in double quotes, with a quote doubled. */
function cellsOf(line: string, separator: string | null): string[] {
  const pattern =
    separator === null
      ? /\s*("(?:[^"]|"")*"|\S+)/gy
      : new RegExp(`("(?:[^"]|"")*"|[^${separator === "|" ? "\\|" : separator}]*)(?:\\${separator === "\t" ? "t" : separator}|$)`, "gy");
  const cells: string[] = [];
  while (pattern.lastIndex < line.length || (separator !== null && line.endsWith(separator) && pattern.lastIndex === line.length)) {
    const found = pattern.exec(line);
    if (!found) break;
    cells.push(unquoted((found[1] ?? "").trim()));
    if (found[0] === "") break;
  }
  return cells;
}

const unquoted = (cell: string): string =>
  cell.length > 1 && cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
