import type { JSX } from "preact";
import { may, session } from "../../api/session";
import { useTitle } from "../../parts/title";
import { EventsPanel } from "./EventsPanel";
import { GroupsPanel } from "./GroupsPanel";
import { Look } from "./Look";
import { SummaryPreferences } from "./SummaryPreferences";
import { TokensPanel } from "./TokensPanel";
import { UsersPanel } from "./UsersPanel";
import { Who } from "./Who";
import "./profile.css";

/** Who one is, what one may do, and how one likes it. */
export default function ProfilePage(): JSX.Element {
  useTitle("Profile");
  const manages = may("Manage users");
  return (
    <main class="page">
      <h1>{session.value?.user.username}</h1>
      <div class="profile-columns">
        <Who />
        <Look />
      </div>
      <TokensPanel />
      <EventsPanel />
      <SummaryPreferences />
      {manages && <UsersPanel />}
      <GroupsPanel />
    </main>
  );
}
