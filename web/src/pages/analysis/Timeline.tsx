import type { JSX } from "preact";
import { ask } from "../../api/client";
import { duration, instant } from "../../formats";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import type { Analysis } from "./AnalysisPage";
import { isMine } from "./mine";

interface Happening {
  at: string;
  event: string;
  text: string;
  http_status?: number | null;
  milliseconds?: number | null;
  next_try?: string | null;
}

/** All that happened to the analysis, oldest first. */
export function Timeline({ run }: { run: Analysis }): JSX.Element {
  const asked = useAsked(
    isMine(run) ? `analysis/${run.id}/timeline` : null,
    () => ask<Happening[]>("GET", `/api/obj/analysis/${run.id}/timeline`),
    (moved) => moved.id === run.id,
  );
  return (
    <section class="panel" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      {isMine(run) ? (
        <Loaded asked={asked} lines={4}>
          {(happenings) => <Happenings happenings={happenings} since={run.created_at} />}
        </Loaded>
      ) : (
        <Happenings happenings={summary(run)} since={run.created_at} />
      )}
    </section>
  );
}

/** What everybody may know. */
function summary(run: Analysis): Happening[] {
  return [
    { at: run.created_at, event: "started", text: "Started." },
    { at: run.last_activity, event: run.status, text: `Last change: ${run.status.replaceAll("_", " ")}.` },
  ];
}

function Happenings({ happenings, since }: { happenings: Happening[]; since: string }): JSX.Element {
  return (
    <ol class="timeline">
      {happenings.map((happening, place) => (
        <li key={place} class={`event ${tone(happening)}`}>
          <span class="when mono" title={`${duration(secondsSince(since, happening.at))} after the start`}>
            <Moment at={happening.at} full />
          </span>
          <span>
            {happening.text}
            <Details happening={happening} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Details({ happening: { text, http_status: status, milliseconds, next_try: next } }: { happening: Happening }): JSX.Element {
  const facts = [
    status != null && !text.includes(String(status)) && `HTTP ${status}`,
    milliseconds != null && !/\d ?m?s\b/.test(text) && duration(milliseconds / 1000),
    next != null && !/next try/.test(text) && `next try ${next.slice(11, 19)} UTC`,
  ].filter(Boolean);
  return <span class="muted">{facts.length > 0 && ` ${facts.join(" · ")}`}</span>;
}

function tone({ event, http_status: status }: Happening): string {
  if (/completed|taken|accepted|collected|applied/.test(event)) return "good";
  if (/fail|refus|timed|too_large|interrupt|not_applied/.test(event) || (status != null && status >= 400)) return "bad";
  return "";
}

function secondsSince(start: string, at: string): number {
  return Math.max(0, (instant(at).getTime() - instant(start).getTime()) / 1000);
}
