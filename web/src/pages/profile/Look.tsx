import type { JSX } from "preact";
import { helpShown, shortcutsOn, switchShortcuts } from "../../shell/Shortcuts";
import { type Theme, theme } from "../../theme/theme";
import { Check, Choice } from "../../parts/controls";

const THEMES: [Theme, string][] = [
  ["system", "as the system"],
  ["light", "light"],
  ["dark", "dark"],
];

/** How the pages look and listen, in this browser. */
export function Look(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="look">
      <h2 id="look">Pages</h2>
      <div class="look">
        <Choice label="Theme" options={THEMES} value={theme.value} set={(chosen) => (theme.value = chosen as Theme)} />
        <div class="stack">
          <Check label="Keyboard shortcuts" on={shortcutsOn.value} set={switchShortcuts} />
          <div class="row">
            <button type="button" class="button" onClick={() => (helpShown.value = true)}>
              Show the shortcuts
            </button>
          </div>
        </div>
      </div>
      <p class="small muted">Kept in this browser alone.</p>
    </section>
  );
}
