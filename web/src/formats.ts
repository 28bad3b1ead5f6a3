/** Numbers, times and sizes as people read them. All times are UTC. */

/** Reads the API's naive UTC time. */
export function instant(text: string): Date {
  return new Date(/[Z+]|-\d\d:\d\d$/.test(text.slice(10)) ? text : `${text.replace(" ", "T")}Z`);
}

/** Returns "2026-11-22 10:31:07", in UTC. */
export function dateTime(text: string | Date): string {
  const date = typeof text === "string" ? instant(text) : text;
  return date.toISOString().slice(0, 19).replace("T", " ");
}

const UNITS: [number, string][] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
];

/** Returns a length of time in its largest unit, with one more below: "40 s", "3 min 20 s", "2 d 4 h". */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const place = UNITS.findIndex(([size]) => seconds >= size);
  const [size, unit] = UNITS[place] ?? [60, "min"];
  const [nextSize, nextUnit] = UNITS[place + 1] ?? [1, "s"];
  const rest = Math.floor((seconds % size) / nextSize);
  return `${Math.floor(seconds / size)} ${unit}${rest ? ` ${rest} ${nextUnit}` : ""}`;
}

/** Returns how long ago something was, or how long it is until then, in one unit. */
export function ago(text: string, now: Date = new Date()): string {
  const seconds = Math.round((now.getTime() - instant(text).getTime()) / 1000);
  if (Math.abs(seconds) < 5) return "now";
  const [length = "", unit = ""] = duration(Math.abs(seconds)).split(" ");
  return seconds > 0 ? `${length} ${unit} ago` : `in ${length} ${unit}`;
}

/** Returns "12.3 kB" and the like, powers of 1000. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let place = 0;
  let value = count;
  while (value >= 1000 && place < units.length - 1) {
    value /= 1000;
    place++;
  }
  return `${place === 0 ? value : value.toPrecision(3)} ${units[place]}`;
}

/** Returns "3 analyses" or "1 analysis". */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Returns the words of a service's answer: many answer an object with a `message`, and lists have no room for the rest. */
export function words(answer: string | null): string {
  if (!answer?.startsWith("{")) return answer ?? "";
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    return typeof message === "string" && message !== "" ? message : answer;
  } catch {
    return answer;
  }
}
