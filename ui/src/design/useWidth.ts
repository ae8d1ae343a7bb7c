/** The width of an element in CSS pixels, so that a chart is drawn for its place and its letters keep their size. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export function useWidth<T extends Element>(first = 440) {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const it = ref.current;
    if (!it) return;
    setWidth(it.clientWidth || first);
    const watch = new ResizeObserver(() => setWidth(it.clientWidth || first));
    watch.observe(it);
    return () => watch.disconnect();
  }, [first]);
  return [ref, width] as const;
}
