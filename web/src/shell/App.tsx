import type { JSX } from "preact";
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from "preact-iso";
import { BASE } from "../api/base";
import { session, sessionLost } from "../api/session";
import { SignInDialog } from "../pages/sign_in/SignInDialog";
import { SignInPage } from "../pages/sign_in/SignInPage";
import { Skeleton } from "../parts/Skeleton";
import { NotFound } from "./NotFound";
import { Shortcuts } from "./Shortcuts";
import { TopBar } from "./TopBar";
import "./shell.css";

const Sources = lazy(() => import("../pages/sources/SourcesPage"));
const Source = lazy(() => import("../pages/source/SourcePage"));
const Periodogram = lazy(() => import("../pages/periodogram/PeriodogramPage"));
const Analysis = lazy(() => import("../pages/analysis/AnalysisPage"));
const Services = lazy(() => import("../pages/services/ServicesPage"));
const Service = lazy(() => import("../pages/service/ServicePage"));
const Requests = lazy(() => import("../pages/requests/RequestsPage"));
const Profile = lazy(() => import("../pages/profile/ProfilePage"));

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
  if (session.value === undefined) {
    return (
      <main class="page">
        <Skeleton lines={5} />
      </main>
    );
  }
  if (session.value === null) return <SignInPage />;
  return (
    <ErrorBoundary>
      <Router>
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
