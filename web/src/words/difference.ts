/** What changed between two texts, word by word. */

export interface Part {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Beyond this product of lengths only the beginning and the end that are the same are told apart. */
const MOST_STEPS = 4_000_000;

/** The parts of both texts in order; joined without what was added they are the old text, without what was removed the new one. */
export function difference(old: string, now: string): Part[] {
  const [a, b] = [wordsOf(old), wordsOf(now)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return merged([part("same", a.slice(0, start)), ...middle, part("same", end ? a.slice(-end) : [])]);
}

/** Words with the space after them, so that joining gives the text back. */
const wordsOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

const part = (kind: Part["kind"], words: string[]): Part => ({ kind, text: words.join("") });

/** The longest common subsequence decides what stayed. */
function between(a: string[], b: string[]): Part[] {
  if (a.length * b.length > MOST_STEPS) return [part("removed", a), part("added", b)];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      longest[at] = a[i] === b[j] ? longest[at + width + 1]! + 1 : Math.max(longest[at + width]!, longest[at + 1]!);
    }
  }
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) (parts.push({ kind: "same", text: a[i++]! }), j++);
    else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!))
      parts.push({ kind: "removed", text: a[i++]! });
    else parts.push({ kind: "added", text: b[j++]! });
  }
  return parts;
}

/** Neighbours of one kind become one part; what was removed stands before what was added in its stead. */
function merged(parts: Part[]): Part[] {
  const done: Part[] = [];
  for (const one of parts) {
    if (one.text === "") continue;
    const last = done.at(-1);
    if (last?.kind === one.kind) last.text += one.text;
    else done.push({ ...one });
  }
  return done;
}
