import { useState } from "preact/hooks";
import { onSignOut } from "../api/session";

const PREFIX = "draft:";
onSignOut(() => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
});

function kept<T>(key: string): T | undefined {
  const text = sessionStorage.getItem(PREFIX + key);
  try {
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/**
 * State that outlives the page: what somebody typed is there again after Back, a reload or a crash, in this tab.
 *
 * Returns the value, a setter, and what forgets it once it is sent.
 */
export function useDraft<T>(key: string, initial: T): [T, (value: T) => void, () => void] {
  const [value, setValue] = useState<T>(() => kept<T>(key) ?? initial);
  const set = (next: T): void => {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(next)); // at once: a reload does not wait for effects
    setValue(next);
  };
  const forget = (): void => {
    sessionStorage.removeItem(PREFIX + key);
  };
  return [value, set, forget];
}
