/** Numbers as astronomers write them: no more digits than the error warrants. */

const MINUS = "−";

/** The same number with a minus sign instead of a hyphen; none before a zero. */
export const signed = (text: string): string => text.replace(/^-/, /[1-9]/.test(text) ? MINUS : "");

/** A fixed number of decimals; a dash where there is no number. */
export const fixed = (value: number | null | undefined, decimals: number): string =>
  isNumber(value) ? signed(value.toFixed(decimals)) : "–";

/** So many significant digits, in powers of ten only where the number is very large or small. */
export function significant(value: number | null | undefined, digits = 4): string {
  if (!isNumber(value)) return "–";
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -4 || magnitude >= 7) return powerOfTen(value.toExponential(digits - 1));
  return signed(trimmed(value.toFixed(Math.max(0, Math.min(20, digits - 1 - magnitude)))));
}

/** `17.03 ± 0.12`: the error with two digits, the value with as many decimals. */
export function withError(value: number | null | undefined, error: number | null | undefined): string {
  if (!isNumber(value)) return "–";
  if (!isNumber(error) || error <= 0) return significant(value, 6);
  const decimals = 1 - Math.floor(Math.log10(error));
  if (decimals > 12 || Math.abs(value) >= 1e7) return `${significant(value, 8)} ± ${significant(error, 2)}`;
  if (decimals < 0) return `${significant(value, 8)} ± ${significant(error, 2)}`;
  return `${signed(value.toFixed(decimals))} ± ${error.toFixed(decimals)}`;
}

export const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function powerOfTen(text: string): string {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const raised = String(Math.abs(Number(exponent))).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? digit);
  return signed(`${trimmed(mantissa)} × 10${Number(exponent) < 0 ? "⁻" : ""}${raised}`);
}
