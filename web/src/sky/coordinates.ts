/** Positions: degrees, and hours or degrees with sixtieths. */

export interface Position {
  /** Degrees. */
  ra: number;
  /** Degrees. */
  dec: number;
}

/** `13:30:01.21`: hours, minutes and seconds. */
export const hoursOf = (ra: number): string => sixtieths((((ra % 360) + 360) % 360) / 15, 2, 24);

/** `+13:24:40.3`: degrees, minutes and seconds of arc. */
export const degreesOf = (dec: number): string => (dec < 0 ? "−" : "+") + sixtieths(Math.abs(dec), 1, 91);

function sixtieths(value: number, decimals: number, turn: number): string {
  const scale = 10 ** decimals;
  const units = Math.round(value * 3600 * scale) % (turn * 3600 * scale);
  const seconds = (units % (60 * scale)) / scale;
  const minutes = Math.floor(units / (60 * scale));
  return [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, "0"))
    .concat(seconds.toFixed(decimals).padStart(3 + decimals, "0"))
    .join(":");
}

/** Reads a position as people type it: `202.5 13.4`, `13:30:01.2 +13:24:40`, `13h30m01s -13d24m`. Null if it is none. */
export function positionOf(text: string): Position | null {
  const clean = text.trim().replace(/[−–]/g, "-");
  const sexagesimal = /[:hdms°'"]/.test(clean);
  const parts = sexagesimal ? sexagesimalParts(clean) : clean.split(/[\s,;]+/);
  if (parts === null || parts.length !== 2) return null;
  const [first = "", second = ""] = parts;
  const ra = sexagesimal ? angle(first) * 15 : Number(first);
  const dec = sexagesimal ? angle(second) : Number(second);
  const inside = first !== "" && second !== "" && ra >= 0 && ra < 360 && dec >= -90 && dec <= 90;
  return inside ? { ra, dec } : null;
}

function sexagesimalParts(text: string): string[] | null {
  const halves = /^(.*?)[\s,;]+([+-].*)$/.exec(text) ?? /^([\d:.]+)[\s,;]+([\d:.]+)$/.exec(text);
  return halves && [halves[1] ?? "", halves[2] ?? ""];
}

function angle(text: string): number {
  const parts = text
    .replace(/^[+-]/, "")
    .split(/[:hdms°'"\s]+/)
    .filter((part) => part !== "")
    .map(Number);
  const [whole = Number.NaN, minutes = 0, seconds = 0] = parts;
  if (parts.length > 3 || minutes >= 60 || seconds >= 60) return Number.NaN;
  return (text.startsWith("-") ? -1 : 1) * (whole + minutes / 60 + seconds / 3600);
}
