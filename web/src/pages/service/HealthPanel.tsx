import type { JSX } from "preact";
import { to } from "../../api/base";
import { counted, duration } from "../../formats";
import { api, dataOf } from "../../api/client";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import { StateMark, STATES, stateWord } from "../../parts/State";
import { Circuit, Sparkline } from "../services/HealthCells";
import type { Service } from "../services/list";

/** How the service has been doing. */
export function HealthPanel({ service }: { service: Service }): JSX.Element {
  const asked = useAsked(
    `health/${service.id}`,
    () => dataOf(api.GET("/api/analysis_service/{service_id}/health", { params: { path: { service_id: service.id } } })),
    (run) => run.analysis_service_id === service.id,
  );
  return (
    <section class="panel" aria-labelledby="health">
      <div class="panel-head">
        <h2 id="health">Health</h2>
        <a class="button" href={`${to("requests")}?serviceID=${service.id}`}>
          Its runs
        </a>
      </div>
      <Loaded asked={asked} lines={4}>
        {(health) => (
          <>
            <div class="row health-line">
              <Circuit health={health} />
              <Sparkline health={health} />
              <span class="muted">the newest {counted(health.recent.length, "run")}, by how long they took</span>
            </div>
            <ul class="health-states">
              {STATES.filter((state) => health.by_state[state]).map((state) => (
                <li key={state}>
                  <a href={`${to("requests")}?serviceID=${service.id}&status=${state}`} class={`state ${state}`}>
                    <StateMark state={state} />
                    {health.by_state[state]} {stateWord(state)}
                  </a>
                </li>
              ))}
            </ul>
            <dl class="facts">
              <dt>Takes</dt>
              <dd>
                {health.seconds.median === null
                  ? "not known yet"
                  : `${duration(health.seconds.median)} as a rule, 95 % within ${duration(health.seconds.percentile_95 ?? health.seconds.median)}`}
              </dd>
              <dt>Last success</dt>
              <dd>{health.last_success ? <Moment at={health.last_success} /> : "never"}</dd>
              <dt>Has at present</dt>
              <dd>
                {health.in_flight.most === null ? "not counted, there is no limit" : `${health.in_flight.now} of at most ${health.in_flight.most}`}
              </dd>
              {health.circuit.paused_until && (
                <>
                  <dt>Paused until</dt>
                  <dd>
                    <Moment at={health.circuit.paused_until} full /> UTC, after {counted(health.circuit.failures, "failure")} in a row
                  </dd>
                </>
              )}
            </dl>
            {health.warnings.map((warning) => (
              <p key={warning.about} class="note warn">
                {warning.text}
              </p>
            ))}
          </>
        )}
      </Loaded>
    </section>
  );
}
