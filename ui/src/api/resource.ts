/** One answer of the server as a value a page can draw: waiting, here, or a problem; asked again when the server is back. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ask, whenServerReturns } from "./client";
import type { Problem } from "./types";

export type Resource<T> =
  | { readonly state: "waiting" }
  | { readonly state: "here"; readonly value: T }
  | { readonly state: "problem"; readonly problem: Problem };

export interface Loaded<T> {
  readonly resource: Resource<T>;
  readonly reload: () => Promise<void>;
  readonly put: (value: T) => void;
}

export function useResource<T>(path: string): Loaded<T> {
  const [resource, setResource] = useState<Resource<T>>({ state: "waiting" });
  const asked = useRef(0);

  const reload = useCallback(async (): Promise<void> => {
    const turn = ++asked.current;
    const answer = await ask<T>("GET", path);
    if (turn !== asked.current) return;
    setResource(answer.ok ? { state: "here", value: answer.value } : { state: "problem", problem: answer.problem });
  }, [path]);

  useEffect(() => {
    setResource({ state: "waiting" });
    void reload();
    return () => {
      asked.current++;
    };
  }, [reload]);

  const isAway =
    resource.state === "problem" && (resource.problem.code === "server-stopped" || resource.problem.status === 401);
  useEffect(() => (isAway ? whenServerReturns(() => void reload()) : undefined), [isAway, reload]);

  const put = useCallback((value: T) => {
    asked.current++;
    setResource({ state: "here", value });
  }, []);
  return { resource, reload, put };
}
