/** Reads lines of `name = value`: numbers, true and false as what they are, everything else as text. Throws on any other line. */
export function valuesOf(text: string): Record<string, unknown> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      if (!name || value === undefined) throw new Error(`“${line.trim()}” is no name with a value, such as period = 0.7123.`);
      return [name, valueOf(value)];
    }),
  );
}

function valueOf(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
