import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask } from "../../api/client";
import { may } from "../../api/session";
import type { components } from "../../api/schema";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import { ProblemNote } from "../../parts/Problem";
import { isFinal } from "../../parts/State";
import type { Analysis } from "./AnalysisPage";
import { isMine } from "./mine";
import { useTimeline } from "./happenings";

type Facts = components["schemas"]["RelayFacts"];

const STATES: Record<Facts["state"], string> = {
  waiting: "not forwarded yet",
  forwarded: "forwarded",
  given_up: "given up",
  superseded: "repeated by another analysis, which is forwarded in its place",
};

/** Where an analysis came from that another portal asked for, and what became of its end there. */
export function Relay({ run }: { run: Analysis }): JSX.Element | null {
  const timeline = useTimeline(run);
  const isRelayed = timeline.data?.some((happening) => happening.event === "relayed") ?? false;
  return isRelayed ? <Panel run={run} /> : null;
}

function Panel({ run }: { run: Analysis }): JSX.Element {
  const asked = useAsked(
    `analysis/${run.id}/relay`,
    () => ask<Facts>("GET", `/api/obj/analysis/${run.id}/relay`),
    (moved) => moved.id === run.id,
  );
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    if (asked.data !== undefined) void asked.again();
  }, [run.modified]);
  const forward = (): void => {
    setProblem(null);
    ask("POST", `/api/obj/analysis/${run.id}/forward`).then(
      () => void asked.again(),
      (thrown: unknown) => setProblem(thrown),
    );
  };
  return (
    <section class="panel" aria-labelledby="relay">
      <div class="panel-head">
        <h2 id="relay">Relayed</h2>
        {isFinal(run.status) && isMine(run) && may("Run Analyses") && (
          <button type="button" class="button no-print" onClick={forward}>
            Forward again
          </button>
        )}
      </div>
      <ProblemNote problem={problem} again={forward} />
      <Loaded asked={asked} lines={3}>
        {(facts) => <List facts={facts} />}
      </Loaded>
    </section>
  );
}

function List({ facts }: { facts: Facts }): JSX.Element {
  return (
    <dl class="facts">
      <dt>Asked for by</dt>
      <dd>
        <span class="mono">{facts.origin}</span>, <Moment at={facts.received_at} full /> UTC
      </dd>
      <dt>Resource</dt>
      <dd class="mono">{facts.resource_id}</dd>
      <dt>Its end</dt>
      <dd>
        {STATES[facts.state]}
        {facts.forwarded_at && (
          <>
            , <Moment at={facts.forwarded_at} full /> UTC
          </>
        )}
        {facts.next_try_at && (
          <>
            , next try <Moment at={facts.next_try_at} />
          </>
        )}
      </dd>
      {facts.answer && (
        <>
          <dt>Answer</dt>
          <dd>
            {facts.answer.http_status != null && `HTTP ${facts.answer.http_status} `}
            <span class="mono muted">{facts.answer.text}</span>
          </dd>
        </>
      )}
      {Object.entries(facts.pulled?.problems ?? {}).map(([kind, reason]) => (
        <>
          <dt>Not copied</dt>
          <dd>
            {kind}: {reason}
          </dd>
        </>
      ))}
    </dl>
  );
}
