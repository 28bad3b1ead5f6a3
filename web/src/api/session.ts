import { computed, signal } from "@preact/signals";
import { apiUrl } from "./base";
import { problemOf, refusal } from "./problem";

export interface Session {
  user: { id: number; username: string; first_name: string | null; last_name: string | null };
  groups: { id: number; name: string }[];
  permissions: string[];
  is_admin: boolean;
  expires_at: string | null;
}

/** Who is signed in; null nobody; undefined not known yet. Stays while a lost session is asked for again. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether somebody who was signed in must sign in again, over the page. */
export const sessionLost = signal(false);

const SYSTEM_ADMIN = "System admin";
const permissions = computed(() => new Set(session.value?.permissions));

/** Tells whether the session has a permission. Buttons that would refuse are not shown. */
export function may(permission: string): boolean {
  return permissions.value.has(permission) || permissions.value.has(SYSTEM_ADMIN);
}

const PATH = apiUrl("/api/internal/session");
const MARK = "siderostat-signed-in";
/** Other tabs hear of every sign-in and sign-out. */
const tabs = new BroadcastChannel("siderostat-session");
const waiting: (() => void)[] = [];
const endings: (() => void)[] = [];

/** Calls when nothing of the session may stay behind. */
export function onSignOut(forget: () => void): void {
  endings.push(forget);
}

/** Asks who is signed in, unless it is known that nobody is: a refusal would look like a fault in the console. */
export async function recallSession(): Promise<void> {
  const ticket = new URLSearchParams(location.hash.slice(1)).get("ticket");
  if (ticket !== null) {
    history.replaceState(null, "", location.pathname + location.search);
    await signIn({ ticket }).catch(() => askWho());
  } else if (document.documentElement.dataset["session"] === "none" && localStorage.getItem(MARK) === null) {
    session.value = null;
  } else {
    await askWho();
  }
}

async function askWho(): Promise<void> {
  const response = await fetch(PATH).catch(() => null);
  if (response?.ok) opened(((await response.json()) as { data: Session }).data);
  else session.value = null;
}

/** Opens a session with a token, or with a ticket that works once; throws a Problem. */
export async function signIn(proof: { token: string } | { ticket: string }): Promise<void> {
  let response: Response;
  try {
    response = await fetch(PATH, { method: "POST", body: JSON.stringify(proof), headers: { "Content-Type": "application/json" } });
  } catch (thrown) {
    throw problemOf(thrown);
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, body);
  opened((body as { data: Session }).data);
  tabs.postMessage("in");
}

function opened(found: Session): void {
  if (session.value && session.value.user.id !== found.user.id) endings.forEach((forget) => forget());
  localStorage.setItem(MARK, "1");
  session.value = found;
  sessionLost.value = false;
  waiting.splice(0).forEach((go) => go());
}

/** Ends the session; throws a Problem if the server does not. */
export async function signOut(): Promise<void> {
  let response: Response;
  try {
    response = await fetch(PATH, { method: "DELETE" });
  } catch (thrown) {
    throw problemOf(thrown);
  }
  if (!response.ok && response.status !== 401) throw refusal(response, await response.json().catch(() => null));
  closed();
  tabs.postMessage("out");
}

function closed(): void {
  endings.forEach((forget) => forget());
  localStorage.removeItem(MARK);
  sessionLost.value = false;
  waiting.length = 0;
  session.value = null;
}

/** Resolves once somebody has signed in again, over the page. */
export function signedInAgain(): Promise<void> {
  sessionLost.value = true;
  return new Promise((resolve) => waiting.push(resolve));
}

tabs.onmessage = ({ data }: MessageEvent<"in" | "out">) => {
  if (data === "out" && session.value) closed();
  if (data === "in" && (sessionLost.value || session.value === null)) void askWho();
};
