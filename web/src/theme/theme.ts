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

const onPaper = matchMedia("print");

/** Whether the page is being printed: plots then have the width of paper, which nobody can measure before. */
export const isPrinted = signal(false);

/** Whether the page is shown as on paper: then nothing in it can be clicked. */
export const isPaper = signal(onPaper.matches);

/** Whether pages are dark now: plots draw with it. Paper never is. */
export const isDark = signal(dark.matches);

/** Applies what was chosen, from now on. */
export function applyTheme(): void {
  const decide = (): void => {
    const wanted = theme.value === "dark" || (theme.value === "system" && dark.matches);
    isPaper.value = onPaper.matches || isPrinted.value;
    isDark.value = wanted && !isPaper.value;
  };
  for (const query of [dark, onPaper]) query.addEventListener("change", decide);
  addEventListener("beforeprint", () => (isPrinted.value = true));
  addEventListener("afterprint", () => (isPrinted.value = false));
  effect(() => {
    decide();
    if (theme.value === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme.value);
    document.documentElement.dataset["theme"] = theme.value;
  });
}
