import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { BASE, to } from "../api/base";
import { session } from "../api/session";
import { Dialog } from "../parts/Dialog";

const KEY = "siderostat-shortcuts";

/** Whether keys do anything; who does not want it switches it off on the profile page. */
export const shortcutsOn = signal(localStorage.getItem(KEY) !== "off");
/** Whether the list of shortcuts is shown. */
export const helpShown = signal(false);

/** Switches the shortcuts on or off, in this browser. */
export function switchShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "off");
}

const KEYS: [string[], string][] = [
  [["/"], "Search sources"],
  [["g", "s"], "Go to Sources"],
  [["g", "v"], "Go to Services"],
  [["g", "r"], "Go to Requests"],
  [["g", "p"], "Go to Profile"],
  [["j"], "Next row"],
  [["k"], "Previous row"],
  [["Enter"], "Open the row"],
  [["Esc"], "Close, or leave a field"],
  [["?"], "Show this list"],
];

const PLACES: Record<string, string> = { s: BASE, v: to("services"), r: to("requests"), p: to("profile") };
const SECOND_KEY_WITHIN = 1_500;
/** Of the list of sources; other pages have fields that search, too. */
const SEARCH = 'form[role="search"] input[type="search"]';

/** Listens to the keyboard, and shows the list of shortcuts. */
export function Shortcuts(): JSX.Element | null {
  const { route, path } = useLocation();
  useLayoutEffect(() => {
    let wentAt = 0;
    const press = (event: KeyboardEvent): void => {
      if (!shortcutsOn.value || !session.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (typing(event.target)) {
        if (event.key === "Escape" && !inDialog(event.target)) (event.target as HTMLElement).blur();
        return;
      }
      if (document.querySelector("dialog[open]")) return;
      const second = Date.now() - wentAt < SECOND_KEY_WITHIN;
      wentAt = 0;
      const place = second ? PLACES[event.key] : undefined;
      if (place !== undefined) route(place);
      else if (event.key === "g") wentAt = Date.now();
      else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
      else if (event.key === "/") search(path === "/" || `${path}/` === BASE || path === BASE ? null : () => route(BASE));
      else if (event.key === "?") helpShown.value = true;
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [route, path]);
  if (!helpShown.value) return null;
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => (helpShown.value = false)}>
      <dl class="facts">
        {KEYS.map(([keys, text]) => (
          <>
            <dt>
              {keys.map((key) => (
                <>
                  <kbd>{key}</kbd>{" "}
                </>
              ))}
            </dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
    </Dialog>
  );
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "range", "file"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
}

/** Focuses the first link of the next row, or of the one before. */
function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll("main [data-row]")].flatMap((row) => row.querySelector<HTMLElement>("a[href]") ?? []);
  const row = document.activeElement?.closest("[data-row]");
  const here = links.findIndex((link) => row?.contains(link));
  const next = links[here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** Focuses the search field, on the page that has it; on a slow line that page comes late. */
function search(goThere: (() => void) | null): void {
  const places = [location.pathname, BASE];
  goThere?.();
  const focus = (left: number): void => {
    const field = document.querySelector<HTMLElement>(`main ${SEARCH}`);
    if (field) field.focus();
    else if (left > 0 && places.includes(location.pathname)) setTimeout(() => focus(left - 1), 50);
  };
  focus(400);
}
