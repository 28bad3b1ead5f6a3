import type { JSX } from "preact";
import { api, dataOf } from "../../api/client";
import { session } from "../../api/session";
import { useAsked } from "../../live/cache";

/** The name of a user. */
export function Author({ id }: { id: number }): JSX.Element {
  const own = session.value?.user.id === id;
  const asked = useAsked(own ? null : `user/${id}`, () => dataOf(api.GET("/api/user/{user_id}", { params: { path: { user_id: id } } })));
  return <>{own ? session.value?.user.username : (asked.data?.username ?? `user ${id}`)}</>;
}
