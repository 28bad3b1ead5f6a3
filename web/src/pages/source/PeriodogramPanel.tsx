import type { JSX } from "preact";
import { to } from "../../api/base";

/** The way to the periodogram, which is computed when its page is opened. */
export function PeriodogramPanel({ id }: { id: string }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="periodogram">
      <div class="panel-head">
        <h2 id="periodogram">Periodogram</h2>
        <a class="button" href={to("sources", id, "periodogram")}>
          Find periods
        </a>
      </div>
      <p class="muted">
        Lomb–Scargle or box least squares over all filters, with false-alarm levels, aliases, and the light curve folded at any period.
      </p>
    </section>
  );
}
