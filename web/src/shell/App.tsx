import type { ComponentType, JSX } from "preact";
import { useState } from "preact/hooks";
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from "preact-iso";
import { BASE } from "../api/base";
import { session, sessionLost } from "../api/session";
import { SignInDialog } from "../pages/sign_in/SignInDialog";
import { SignInPage } from "../pages/sign_in/SignInPage";
import { Skeleton } from "../parts/Skeleton";
import { NotFound } from "./NotFound";
import { NotLoaded } from "./NotLoaded";
import { Shortcuts } from "./Shortcuts";
import { TopBar } from "./TopBar";
import "./shell.css";

/** A page that is loaded when it is first shown, and says so if it cannot be. */
function page<T extends ComponentType<never>>(load: () => Promise<{ default: T }>): ReturnType<typeof lazy<T>> {
  return lazy(() => load().catch(() => ({ default: NotLoaded as unknown as T })));
}

const Sources = page(() => import("../pages/sources/SourcesPage"));
const Source = page(() => import("../pages/source/SourcePage"));
const Periodogram = page(() => import("../pages/periodogram/PeriodogramPage"));
const Analysis = page(() => import("../pages/analysis/AnalysisPage"));
const Services = page(() => import("../pages/services/ServicesPage"));
const Service = page(() => import("../pages/service/ServicePage"));
const Requests = page(() => import("../pages/requests/RequestsPage"));
const Profile = page(() => import("../pages/profile/ProfilePage"));

/** Links into the API are the browser's business, not the router's. */
const SCOPE = /^(?!.*(^|\/)api\/)/;

/** The whole application: the bar, the page that the path names, and what lies over it. */
export function App(): JSX.Element {
  return (
    <LocationProvider scope={SCOPE}>
      <TopBar />
      <Page />
      {session.value && sessionLost.value && <SignInDialog />}
      <Shortcuts />
    </LocationProvider>
  );
}

function Page(): JSX.Element {
  if (session.value === undefined) return <Waiting />;
  if (session.value === null) return <SignInPage />;
  return <Pages />;
}

function Waiting(): JSX.Element {
  return (
    <main class="page">
      <Skeleton lines={5} />
    </main>
  );
}

/** The page that the path names; until the first one is loaded, what stands for it. A later one replaces the one before. */
function Pages(): JSX.Element {
  const [waiting, wait] = useState(false);
  return (
    <ErrorBoundary>
      {waiting && <Waiting />}
      <Router onLoadStart={() => document.querySelector("main") === null && wait(true)} onLoadEnd={() => wait(false)}>
        <Route path={BASE} component={Sources} />
        <Route path={`${BASE}sources/:id`} component={Source} />
        <Route path={`${BASE}sources/:id/periodogram`} component={Periodogram} />
        <Route path={`${BASE}analyses/:id`} component={Analysis} />
        <Route path={`${BASE}services`} component={Services} />
        <Route path={`${BASE}services/:id`} component={Service} />
        <Route path={`${BASE}requests`} component={Requests} />
        <Route path={`${BASE}profile`} component={Profile} />
        <Route default component={NotFound} />
      </Router>
    </ErrorBoundary>
  );
}
