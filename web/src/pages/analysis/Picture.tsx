import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { apiUrl } from "../../api/base";
import { send } from "../../api/client";
import { problemOf, refusal } from "../../api/problem";
import { ProblemNote } from "../../parts/Problem";
import { Skeleton } from "../../parts/Skeleton";

interface Properties {
  /** From `/api`. */
  path: string;
  alt: string;
  onOpen?: () => void;
}

type Got = { url: string } | { problem: unknown } | null;
const UNAVAILABLE = 503;
const MOST_TRIES = 20;

/** A picture of the API. It is fetched as any answer is, so that what goes wrong is a sentence and not a broken image. */
export function Picture({ path, alt, onOpen }: Properties): JSX.Element {
  const [got, setGot] = useState<Got>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let [url, left] = ["", false];
    const show = (blob: Blob | null, problem?: unknown): void => {
      if (left) return;
      if (blob) url = URL.createObjectURL(blob);
      setGot(blob ? { url } : { problem });
    };
    fetched(path, () => left).then(show, (thrown: unknown) => show(null, problemOf(thrown)));
    return () => {
      left = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [path, turn]);
  if (got === null) return <Skeleton tall lines={5} label={`Loading ${alt}`} />;
  if ("problem" in got) {
    const again = (): void => {
      setGot(null);
      setTurn(turn + 1);
    };
    return <ProblemNote problem={got.problem} again={again} />;
  }
  const image = <img class="picture" src={got.url} alt={alt} />;
  if (!onOpen) return image;
  return (
    <button type="button" class="picture-button" aria-label={`${alt}, full screen`} onClick={onOpen}>
      {image}
    </button>
  );
}

/** Fetches a picture; one that is still being drawn is asked for again when the answer says so. */
async function fetched(path: string, given_up: () => boolean): Promise<Blob> {
  for (let tries = 1; ; tries++) {
    const response = await send(new Request(apiUrl(path)));
    if (response.ok) return response.blob();
    if (response.status !== UNAVAILABLE || tries === MOST_TRIES || given_up()) {
      throw refusal(response, await response.json().catch(() => null));
    }
    const seconds = Number(response.headers.get("Retry-After")) || 2;
    await new Promise((resolve) => setTimeout(resolve, 1_000 * Math.min(seconds, 10)));
  }
}
