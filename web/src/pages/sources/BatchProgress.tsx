import type { JSX } from "preact";
import { to } from "../../api/base";
import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { isFinal, StateMark, STATES, stateWord } from "../../parts/State";

type Batch = components["schemas"]["BatchProgress"];

/** How many runs of a batch are in which state, live. */
export function BatchProgress({ id }: { id: number }): JSX.Element {
  const asked = useAsked(
    `batch/${id}`,
    () => ask<Batch>("GET", `/api/analysis_batch/${id}`),
    () => true,
  );
  return (
    <Loaded asked={asked} lines={2}>
      {({ total, refused, by_state: counts, refusals }) => {
        const ended = refused + Object.entries(counts).reduce((sum, [state, count]) => sum + (isFinal(state) ? count : 0), 0);
        return (
          <div class="stack">
            <label>
              {ended} of {total} have ended
              <progress class="progress" max={Math.max(total, 1)} value={ended} />
            </label>
            <div class="row" role="status">
              {STATES.filter((state) => counts[state]).map((state) => (
                <span key={state} class={`state ${state}`}>
                  <StateMark state={state} /> {counts[state]} {stateWord(state)}
                </span>
              ))}
            </div>
            {refusals.length > 0 && (
              <ul class="plain">
                {refusals.slice(0, 5).map(({ obj_id, reason }) => (
                  <li key={obj_id}>
                    {obj_id} was not started: {reason}
                  </li>
                ))}
              </ul>
            )}
            <a href={`${to("requests")}?batchID=${id}`}>The runs of this batch</a>
          </div>
        );
      }}
    </Loaded>
  );
}
