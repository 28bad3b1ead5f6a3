import type { JSX } from "preact";
import { to } from "../../api/base";
import { ago } from "../../formats";
import { StateMark, stateWord } from "../../parts/State";
import type { Glance } from "./queries";

const MOST = 3;

/** The newest run of each service: a mark and words. */
export function Glances({ glances, known }: { glances: Glance[] | undefined; known: boolean }): JSX.Element {
  if (!glances?.length) return <span class="muted">{known ? "none" : ""}</span>;
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
