import { session } from "../../api/session";
import type { Analysis } from "./AnalysisPage";

/** Whether the caller may change this run: its author, or an administrator. */
export function isMine(run: Pick<Analysis, "author_id">): boolean {
  return session.value?.user.id === run.author_id || session.value?.is_admin === true;
}
