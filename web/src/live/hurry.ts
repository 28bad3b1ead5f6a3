import { useEffect } from "preact/hooks";
import { hurry } from "./changes";

/** Keeps looking every few seconds while something is shown that is about to move. */
export function useHurry(about: boolean): void {
  useEffect(() => (about ? hurry() : undefined), [about]);
}
