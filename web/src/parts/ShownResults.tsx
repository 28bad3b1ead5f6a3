import type { JSX } from "preact";
import { Checks } from "./controls";

const SHOWN = [
  ["show_parameters", "Show parameters"],
  ["show_plots", "Show plots"],
  ["show_corner", "Show corner plot"],
] as const;

type Shown = Record<(typeof SHOWN)[number][0], boolean>;

/** What of a result is shown to those who look at the source. */
export function ShownResults({ shown, choose }: { shown: Shown; choose: (shown: Shown) => void }): JSX.Element {
  const chosen = SHOWN.flatMap(([key]) => (shown[key] ? [key] : []));
  const set = (keys: string[]): void =>
    choose({ show_parameters: keys.includes("show_parameters"), show_plots: keys.includes("show_plots"), show_corner: keys.includes("show_corner") });
  return <Checks small legend="Result" options={SHOWN} chosen={chosen} choose={set} />;
}
