import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const KEY = "siderostat-theme";

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

/** What was chosen; the system decides by default. */
export const theme = signal<Theme>(stored());
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether pages are dark now: plots draw with it. */
export const isDark = signal(dark.matches);

/** Applies what was chosen, from now on. */
export function applyTheme(): void {
  const decide = (): void => {
    isDark.value = theme.value === "dark" || (theme.value === "system" && dark.matches);
  };
  dark.addEventListener("change", decide);
  effect(() => {
    decide();
    if (theme.value === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme.value);
    document.documentElement.dataset["theme"] = theme.value;
  });
}
