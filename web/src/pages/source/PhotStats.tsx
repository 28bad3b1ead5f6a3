import type { JSX } from "preact";
import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { Table } from "../../parts/Table";
import { byWavelength } from "../../sky/filters";
import { fixed, significant } from "../../sky/numbers";
import { dateOfMjd } from "../../sky/time";
import { sourcePath } from "./queries";

type Stat = components["schemas"]["PhotStat"];

/** Statistics of the photometry, as a whole and by filter. */
export function PhotStats({ id }: { id: string }): JSX.Element {
  const asked = useAsked(`phot_stat/${id}`, () => ask<Stat>("GET", `${sourcePath(id)}/phot_stat`));
  return (
    <section class="panel" aria-labelledby="phot-stats">
      <h2 id="phot-stats">Photometry statistics</h2>
      <Loaded asked={asked} lines={6}>
        {(stat) => (stat.num_obs_global ? <Shown stat={stat} /> : <p class="muted">They appear with the first photometry.</p>)}
      </Loaded>
    </section>
  );
}

function Shown({ stat }: { stat: Stat }): JSX.Element {
  const order = byWavelength(Object.keys(stat.num_obs_per_filter));
  const colours = order.flatMap((a, place) =>
    order
      .slice(place + 1)
      .flatMap((b) => (stat.mean_color[`${a}-${b}`] === undefined ? [] : [[`${a} − ${b}`, stat.mean_color[`${a}-${b}`]] as const])),
  );
  return (
    <>
      <dl class="facts">
        <dt>Observations</dt>
        <dd>
          {stat.num_obs_global}, of them {stat.num_det_global} detections ({stat.num_det_no_forced_phot_global} not forced)
        </dd>
        <dt>First detection</dt>
        <dd>{detection(stat.first_detected_mjd, stat.first_detected_mag, stat.first_detected_filter)}</dd>
        <dt>Last detection</dt>
        <dd>{detection(stat.last_detected_mjd, stat.last_detected_mag, stat.last_detected_filter)}</dd>
        <dt>Peak</dt>
        <dd>{detection(stat.peak_mjd_global, stat.peak_mag_global, null)}</dd>
        <dt>Last limit before</dt>
        <dd>
          {stat.last_non_detection_mjd === null
            ? "–"
            : `${day(stat.last_non_detection_mjd)}, ${significant(stat.time_to_non_detection, 3)} d before`}
        </dd>
        <dt>Rise, decay</dt>
        <dd>
          {significant(stat.rise_rate, 3)}, {significant(stat.decay_rate, 3)} mag per day
        </dd>
        {colours.length > 0 && (
          <>
            <dt>Mean colours</dt>
            <dd>{colours.map(([name, value]) => `${name} = ${fixed(value, 2)}`).join(", ")}</dd>
          </>
        )}
      </dl>
      <Table
        caption="Statistics by filter, in magnitudes"
        rows={order}
        rowKey={(filter) => filter}
        columns={[
          { head: "Filter", cell: (filter) => filter },
          { head: "Obs.", number: true, cell: (filter) => stat.num_obs_per_filter[filter] },
          { head: "Det.", number: true, cell: (filter) => stat.num_det_per_filter[filter] ?? 0 },
          { head: "Peak", number: true, cell: (filter) => fixed(stat.peak_mag_per_filter[filter], 2) },
          { head: "Mean", number: true, cell: (filter) => fixed(stat.mean_mag_per_filter[filter], 2) },
          { head: "Faintest", number: true, cell: (filter) => fixed(stat.faintest_mag_per_filter[filter], 2) },
          { head: "RMS", number: true, cell: (filter) => fixed(stat.mag_rms_per_filter[filter], 2) },
          { head: "Deepest limit", number: true, cell: (filter) => fixed(stat.deepest_limit_per_filter[filter], 2) },
        ]}
      />
    </>
  );
}

const day = (mjd: number): string => `${dateOfMjd(mjd, { seconds: false })} (MJD ${fixed(mjd, 2)})`;

function detection(mjd: number | null, mag: number | null, filter: string | null): string {
  return mjd === null ? "–" : `${fixed(mag, 2)} mag${filter ? ` in ${filter}` : ""}, ${day(mjd)}`;
}
