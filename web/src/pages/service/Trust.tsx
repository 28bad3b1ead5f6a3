import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import type { Service } from "../services/list";
import { useTrust } from "./queries";

const PATH = "/api/analysis_service/{service_id}/trust";

/** Whether the service is handed users' language-model keys; administrators decide it. */
export function Trust({ service, admin }: { service: Service; admin: boolean }): JSX.Element {
  const params = { path: { service_id: service.id } };
  const asked = useTrust(service.id);
  const [problem, setProblem] = useState<unknown>(null);
  const [deciding, setDeciding] = useState(false);
  const decide = (trusted: boolean): void => {
    setProblem(null);
    setDeciding(true);
    dataOf<unknown>(trusted ? api.PUT(PATH, { params }) : api.DELETE(PATH, { params }))
      .then(() => asked.put({ trusted }), setProblem)
      .finally(() => setDeciding(false));
  };
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
              <button type="button" class="button" disabled={deciding} onClick={() => decide(!trusted)}>
                {trusted ? "Trust it no longer" : "Trust it with keys"}
              </button>
            </div>
          )}
          <ProblemNote problem={problem} />
        </>
      )}
    </Loaded>
  );
}
