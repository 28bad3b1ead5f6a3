/** Why a request did not do what was asked, as a sentence for whoever asked. */
export class Problem extends Error {
  readonly status: number;
  readonly requestId: string | null;

  constructor(message: string, status = 0, requestId: string | null = null) {
    super(message);
    this.status = status;
    this.requestId = requestId;
  }
}

const UNREACHED = "Siderostat could not be reached. Nothing is lost; check the connection and try again.";

/** Makes a problem of whatever was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return new Problem(UNREACHED);
  return new Problem(thrown instanceof Error ? thrown.message : String(thrown));
}

/** Makes a problem of an answer that is none of the 2xx, with the server's own words where it has some. */
export function refusal(response: Response, body: unknown): Problem {
  const said = (body as { message?: unknown } | null)?.message;
  const message = typeof said === "string" && said ? said : `The server answered ${response.status}, without a reason.`;
  return new Problem(message, response.status, requestIdOf(response));
}

/** The id under which our logs have a request; some answers come from before it had one. */
function requestIdOf(response: Response): string | null {
  const id = response.headers.get("X-Request-Id");
  return id === "-" ? null : id;
}
