import type { JSX } from "preact";

/** Stands where something will be, in about its size. */
export function Skeleton({ lines = 4, tall = false, label = "Loading" }: { lines?: number; tall?: boolean; label?: string }): JSX.Element {
  return (
    <div class={tall ? "skeleton tall" : "skeleton"} aria-busy="true" role="group" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} />
      ))}
    </div>
  );
}
