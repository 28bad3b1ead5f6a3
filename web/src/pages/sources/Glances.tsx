import type { JSX } from "preact";
import { to } from "../../api/base";
import { ago } from "../../formats";
import { Skeleton } from "../../parts/Skeleton";
import { StateMark, stateWord } from "../../parts/State";
import type { Glance } from "./queries";

const MOST = 3;

interface Properties {
  /** Undefined while nothing is known. */
  glances: Glance[] | undefined;
  /** Whether they are still asked for. */
  asking: boolean;
}

/** The newest run of each service: a mark and words. */
export function Glances({ glances, asking }: Properties): JSX.Element {
  if (glances === undefined) return asking ? <Skeleton lines={1} /> : <span class="muted">not known</span>;
  if (glances.length === 0) return <span class="muted">none</span>;
  const sorted = [...glances].sort((a, b) => b.id - a.id);
  return (
    <span class="glances">
      {sorted.slice(0, MOST).map(({ id, service, status, at }) => (
        <a key={id} class={`glance state ${status}`} href={to("analyses", id)} title={`${stateWord(status)} ${ago(at)}`}>
          <StateMark state={status} />
          <span>
            {service} {stateWord(status)}
          </span>
        </a>
      ))}
      {sorted.length > MOST && <span class="muted">and {sorted.length - MOST} more</span>}
    </span>
  );
}
