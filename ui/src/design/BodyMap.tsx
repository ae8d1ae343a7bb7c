/**
 * Where it hurts: a figure from the back and from the front, and the same as a list. In: ids of regions. Out: ids of regions.
 * Each region is a checkbox; the drawing is its label for eyes and fingers. Next file: `pages/Places.tsx`.
 */
import { useId, useState } from "preact/hooks";
import { useResource } from "../api/resource";
import type { BodyMap as Drawn, MapRegion } from "../api/types";
import { ProblemCard } from "../pages/Loaded";
import { t } from "../text/catalogue";
import { Choice, Several } from "./choices";
import { Waiting } from "./Mark";
import { useWidth } from "./useWidth";
import "./body_map.css";

type View = MapRegion["view"];
/** The upper back is what this is about. */
const VIEWS: readonly View[] = ["back", "front"];
/** Narrower than this, one view at a time: a finger has to meet a shoulder blade. */
const BESIDE_PX = 560;

interface BodyMapProps {
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

/** Middle of a region: of the box around its points. */
function middleOf(path: string): readonly [number, number] {
  const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number);
  const xs = numbers.filter((_, i) => i % 2 === 0);
  const ys = numbers.filter((_, i) => i % 2 === 1);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

interface FigureProps extends BodyMapProps {
  readonly drawn: Drawn;
  readonly view: View;
}

function Figure({ drawn, view, values, onChange }: FigureProps) {
  const base = useId();
  const [focused, setFocused] = useState<string | null>(null);
  const { width, height } = drawn;
  const regions = drawn.regions.filter((region) => region.view === view);
  // A region of both views has its checkbox where it comes first.
  const boxes = regions.filter(
    ({ id }) => view === "back" || !drawn.regions.some((r) => r.view === "back" && r.id === id),
  );
  const toggle = (id: string) => onChange(values.includes(id) ? values.filter((one) => one !== id) : [...values, id]);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("input")];
    const at = all.indexOf(event.target as HTMLElement);
    if (!step || at < 0) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length]?.focus();
  };
  const sides = view === "front" ? (["right", "left"] as const) : (["left", "right"] as const);
  return (
    <figure class="body-figure" onKeyDown={onKey}>
      <div class="body-stage" style={{ aspectRatio: `${width} / ${height}` }}>
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <defs>
            <pattern
              id={`${base}-hatch`}
              width="7"
              height="7"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect class="body-on" width="7" height="7" />
              <rect class="body-hatch" width="2" height="7" />
            </pattern>
            <linearGradient id={`${base}-fade`} x1="0" y1="0" x2="0" y2="1">
              <stop offset="0.92" stop-color="#fff" />
              <stop offset="0.985" stop-color="#000" />
            </linearGradient>
            <mask id={`${base}-mask`} maskUnits="userSpaceOnUse" x="0" y="0" width={width} height={height}>
              <rect width={width} height={height} fill={`url(#${base}-fade)`} />
            </mask>
          </defs>
          <g mask={`url(#${base}-mask)`}>
            <path class="body-skin" d={drawn.outline} />
            {[drawn.contour, ...drawn.lines[view]].map((line) => (
              <path key={line} class="body-line" d={line} />
            ))}
          </g>
          {regions.map(({ id, path }) => {
            const isOn = values.includes(id);
            return (
              // The checkbox beside it is what keys and readers meet.
              // biome-ignore lint/a11y/noStaticElementInteractions: the drawing is the checkbox's label
              <path
                key={id}
                class={`body-region${isOn ? " is-on" : ""}${focused === id ? " is-focused" : ""}`}
                d={path}
                style={isOn ? { fill: `url(#${base}-hatch)` } : {}}
                onClick={() => toggle(id)}
              >
                <title>{t(`place.${id}`)}</title>
              </path>
            );
          })}
          <text class="body-side" x="22" y="92" text-anchor="start">
            {t(`map.side.${sides[0]}`)}
          </text>
          <text class="body-side" x={width - 22} y="92" text-anchor="end">
            {t(`map.side.${sides[1]}`)}
          </text>
        </svg>
        {boxes.map(({ id, path }) => {
          const [x, y] = middleOf(path);
          return (
            <input
              key={id}
              type="checkbox"
              class="body-box"
              style={{ left: `${(x / width) * 100}%`, top: `${(y / height) * 100}%` }}
              aria-label={t(`place.${id}`)}
              checked={values.includes(id)}
              onChange={() => toggle(id)}
              onFocus={(event) => setFocused(event.currentTarget.matches(":focus-visible") ? id : null)}
              onBlur={() => setFocused(null)}
            />
          );
        })}
      </div>
      <figcaption class="quiet small">{t(`map.view.${view}`)}</figcaption>
    </figure>
  );
}

/** The regions chosen, one after the other. */
function listPlaces(values: readonly string[]): string {
  return values.map((id) => t(`place.${id}`)).join(", ");
}

export function BodyMap({ values, onChange, onDone }: BodyMapProps & { readonly onDone: () => void }) {
  const { resource, reload } = useResource<Drawn>("/api/body-map");
  return resource.state === "problem" ? (
    <ProblemCard problem={resource.problem} onRetry={() => void reload()} />
  ) : resource.state === "waiting" ? (
    <Waiting label={t("ui.waiting")} />
  ) : (
    <Views drawn={resource.value} values={values} onChange={onChange} onDone={onDone} />
  );
}

function Views({ drawn, values, onChange, onDone }: BodyMapProps & { drawn: Drawn; onDone: () => void }) {
  const [view, setView] = useState<View>("back");
  const [isList, setList] = useState(false);
  const [place, width] = useWidth<HTMLDivElement>(BESIDE_PX);
  const isBeside = width >= BESIDE_PX;
  const ids = [...new Set(VIEWS.flatMap((one) => drawn.regions.filter((r) => r.view === one).map(({ id }) => id)))];
  const told = ids.filter((id) => values.includes(id));
  return (
    <div class="body-map" ref={place}>
      {isList ? (
        <Several
          legend={t("map.legend")}
          isLegendUnseen
          values={values}
          onChange={onChange}
          options={ids.map((id) => [id, t(`place.${id}`)] as const)}
        />
      ) : (
        <fieldset class="stack tight">
          <legend class="unseen">{t("map.legend")}</legend>
          {isBeside ? null : (
            <Choice
              legend={t("map.view")}
              isLegendUnseen
              value={view}
              onChange={setView}
              options={VIEWS.map((one) => [one, t(`map.show.${one}`)] as const)}
            />
          )}
          <div class="body-views">
            {VIEWS.filter((one) => isBeside || one === view).map((one) => (
              <Figure key={one} drawn={drawn} view={one} values={values} onChange={onChange} />
            ))}
          </div>
        </fieldset>
      )}
      <p class="body-told" role="status">
        {told.length > 0 ? t("map.told", { places: listPlaces(told) }) : <span class="quiet">{t("map.none")}</span>}
      </p>
      <div class="row">
        <button type="button" class="button" onClick={onDone}>
          {t("map.done")}
        </button>
        <button type="button" class="button plain" onClick={() => setList(!isList)}>
          {t(isList ? "map.as-picture" : "map.as-list")}
        </button>
      </div>
    </div>
  );
}
