import type { JSX } from "preact";
import { problemOf } from "../api/problem";

interface Properties {
  problem: unknown;
  /** Does again what failed; without it there is nothing to try. */
  again?: (() => void) | undefined;
}

/** Says what failed, where it happened. */
export function ProblemNote({ problem, again }: Properties): JSX.Element | null {
  if (problem === undefined || problem === null) return null;
  const { message, requestId } = problemOf(problem);
  return (
    <div class="note problem" role="alert">
      <p>{message}</p>
      {(requestId || again) && (
        <div class="problem-foot">
          {again && (
            <button type="button" class="button" onClick={again}>
              Try again
            </button>
          )}
          {requestId && (
            <span class="small muted">
              Request <code>{requestId}</code>
            </span>
          )}
        </div>
      )}
    </div>
  );
}
