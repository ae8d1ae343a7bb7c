/**
 * From the picture to the stage. In: sizes, and points in picture widths and heights. Out: points in stage pixels, and the gauge on
 * which the measured angle is drawn. Pure. Next file: `overlay.ts`.
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** How a picture covers the stage (`object-fit: cover`), mirrored or not. */
export function coverOf(picture: Size, stage: Size, isMirrored: boolean): (point: XY) => XY {
  const scale = Math.max(stage.width / picture.width, stage.height / picture.height);
  const left = (stage.width - picture.width * scale) / 2;
  const top = (stage.height - picture.height * scale) / 2;
  return ({ x, y }) => {
    const across = isMirrored ? 1 - x : x;
    return { x: left + across * picture.width * scale, y: top + y * picture.height * scale };
  };
}

/** What a quantity looks like on the screen. */
export type GaugeKind = "turn" | "lean" | "none";

const GAUGES: Readonly<Record<string, GaugeKind>> = {
  shoulder_turn_deg: "turn",
  trunk_rotation_deg: "turn",
  head_rotation_deg: "turn",
  trunk_side_bend_deg: "lean",
};

export function gaugeKindOf(quantity: string): GaugeKind {
  return GAUGES[quantity] ?? "none";
}

/** Degrees to both sides that a gauge shows; more is drawn at its end. */
export const GAUGE_RANGE_DEG: Readonly<Record<GaugeKind, number>> = { turn: 60, lean: 45, none: 0 };

export interface Trunk {
  readonly shoulders: XY;
  readonly hips: XY;
}

/** Where on the stage an angle is. `rightwards` is +1 where the person's right is on the screen's right. */
export function gaugeOf(kind: GaugeKind, trunk: Trunk, stage: Size, rightwards: 1 | -1): (angle_deg: number) => XY {
  const length = Math.hypot(trunk.shoulders.x - trunk.hips.x, trunk.shoulders.y - trunk.hips.y);
  const range = GAUGE_RANGE_DEG[kind];
  const clip = (angle_deg: number) => (Math.max(-range, Math.min(range, angle_deg)) * Math.PI) / 180;
  if (kind === "lean") {
    const radius = 1.28 * length;
    return (angle_deg) => ({
      x: trunk.hips.x + rightwards * radius * Math.sin(clip(angle_deg)),
      y: trunk.hips.y - radius * Math.cos(clip(angle_deg)),
    });
  }
  // A circle around the head, seen from a little above: it stays on the stage when the head nearly leaves it.
  const radius = 0.95 * length;
  const flat = 0.3 * radius;
  const y = Math.max(trunk.shoulders.y - 0.62 * length, flat + 0.14 * stage.height);
  return (angle_deg) => ({
    x: trunk.shoulders.x + rightwards * radius * Math.sin(clip(angle_deg)),
    y: y - flat * Math.cos(clip(angle_deg)),
  });
}

/** The band in which a hold counts, on the side where the person is or shall go. */
export function bandOf(
  zone: readonly [number, number],
  side: string,
  angle_deg: number | null,
): readonly [number, number] {
  const isLeft = side === "left" || (side === "both" && (angle_deg ?? 0) < 0);
  return isLeft ? [-zone[1], -zone[0]] : [zone[0], zone[1]];
}
