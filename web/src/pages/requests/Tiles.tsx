import type { JSX } from "preact";
import type { Asked } from "../../live/cache";
import { ProblemNote } from "../../parts/Problem";
import { Skeleton } from "../../parts/Skeleton";
import { StateMark, STATES, stateWord } from "../../parts/State";
import type { Counts } from "./counts";

interface Properties {
  counts: Asked<Counts>;
  chosen: string | null;
  choose: (state: string | null) => void;
}

/** One tile a state, with how many runs are in it; a press shows those alone, another all again. */
export function Tiles({ counts, chosen, choose }: Properties): JSX.Element {
  return (
    <>
      {counts.problem && <ProblemNote problem={counts.problem} again={() => void counts.again()} />}
      {counts.data === undefined ? (
        counts.asking && <Skeleton lines={2} tall />
      ) : (
        <div class="tiles" role="group" aria-label="States">
          {STATES.map((state) => (
            <button
              key={state}
              type="button"
              class={`tile ${state}`}
              aria-pressed={chosen === state}
              onClick={() => choose(chosen === state ? null : state)}
            >
              <strong>{counts.data?.totals[state] ?? 0}</strong>{" "}
              <span class={`state ${state}`}>
                <StateMark state={state} />
                {stateWord(state)}
              </span>
            </button>
          ))}
        </div>
      )}
    </>
  );
}
