import type { JSX } from "preact";
import { api, dataOf } from "../../api/client";
import { useAttempt } from "../../parts/attempt";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import type { Service } from "../services/list";
import { useTrust } from "./queries";

const PATH = "/api/analysis_service/{service_id}/trust";

/** Whether the service is handed users' language-model keys; administrators decide it. */
export function Trust({ service, admin }: { service: Service; admin: boolean }): JSX.Element {
  const params = { path: { service_id: service.id } };
  const asked = useTrust(service.id);
  const { doing, problem, attempt, again } = useAttempt();
  const decide = (trusted: boolean): void =>
    attempt(() => dataOf<unknown>(trusted ? api.PUT(PATH, { params }) : api.DELETE(PATH, { params })).then(() => asked.put({ trusted })));
  return (
    <Loaded asked={asked} lines={1}>
      {({ trusted }) => (
        <>
          <p aria-live="polite">
            {trusted
              ? "It is trusted: it is handed the language-model key of whoever asks it for a summary."
              : "It is not trusted: it is handed nobody's language-model key."}
          </p>
          {admin && (
            <div class="row">
              <button type="button" class="button" disabled={doing} onClick={() => decide(!trusted)}>
                {trusted ? "Trust it no longer" : "Trust it with keys"}
              </button>
            </div>
          )}
          <ProblemNote problem={problem} again={again} />
        </>
      )}
    </Loaded>
  );
}
