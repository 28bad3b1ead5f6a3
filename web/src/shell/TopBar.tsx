import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { BASE, to } from "../api/base";
import { session, sessionLost, signOut } from "../api/session";
import { reached } from "../live/changes";
import { ProblemNote } from "../parts/Problem";

const PAGES = [
  { name: "Sources", href: BASE, begins: ["sources"] },
  { name: "Services", href: to("services"), begins: ["services"] },
  { name: "Requests", href: to("requests"), begins: ["requests", "analyses"] },
  { name: "Profile", href: to("profile"), begins: ["profile"] },
];

/** The bar on top of every page: where one is, where one can go, and the way out. */
export function TopBar(): JSX.Element {
  const { path } = useLocation();
  const [problem, setProblem] = useState<unknown>(null);
  const here = path.slice(BASE.length).split("/")[0] ?? "";
  const leave = (): void => {
    setProblem(null);
    signOut().catch(setProblem);
  };
  return (
    <header class="bar no-print">
      <div class="bar-inside">
        <span class="brand" aria-hidden="true">
          <Mirror />
          <span class="brand-name">Siderostat</span>
        </span>
        {session.value && (
          <nav aria-label="Pages">
            {PAGES.map(({ name, href, begins }) => (
              <a key={name} href={href} aria-current={begins.includes(here) || (here === "" && name === "Sources") ? "page" : undefined}>
                {name}
              </a>
            ))}
          </nav>
        )}
        <span class="bar-end">
          <span aria-live="polite">
            {session.value && !reached.value && !sessionLost.value && (
              <span class="offline" title="Siderostat cannot be reached; it is tried again and again">
                Offline
              </span>
            )}
          </span>
          {session.value && (
            <button type="button" class="sign-out" aria-label="Sign out" title={`Sign out ${session.value.user.username}`} onClick={leave}>
              <Door />
              <span class="sign-out-words">Sign out</span>
            </button>
          )}
        </span>
      </div>
      {problem !== null && <ProblemNote problem={problem} again={leave} />}
    </header>
  );
}

function Mirror(): JSX.Element {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M6 25 16 15 27 21" stroke="#ffb454" stroke-width="2.2" stroke-linecap="round" fill="none" />
      <path d="m10.5 8.5 11 13" stroke="#e8f1fa" stroke-width="3.4" stroke-linecap="round" />
      <path d="m25 4 1 2.8 2.8 1-2.8 1L25 11.600l-1-2.800-2.800-1 2.800-1z" fill="#ffd38a" />
    </svg>
  );
}

function Door(): JSX.Element {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d="M7 3H4v12h3M8 9h7m0 0-3-3m3 3-3 3" />
    </svg>
  );
}
