import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ago, dateTime, instant } from "../formats";

/** The time now, anew every so many milliseconds while the page is seen. */
export function useNow(every: number | null): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (every === null) return undefined;
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** A moment, as the time since; the date and time in UTC on hovering, or in its place with `full`. */
export function Moment({ at, full = false }: { at: string; full?: boolean }): JSX.Element {
  const now = useNow(full ? null : 30_000);
  return (
    <time class="nowrap" dateTime={instant(at).toISOString()} title={`${dateTime(at)} UTC`}>
      {full ? dateTime(at) : ago(at, now)}
    </time>
  );
}
