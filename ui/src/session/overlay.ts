/**
 * The drawing over the picture: skeleton in thick lines, the joints that matter lit, the measured angle as an arc, the hold zone as a band.
 * In: landmarks and the state. Out: strokes on a canvas. Next file: `Stage.tsx`.
 */
import { BONES, middleOf, POINT, spotOf } from "../camera/landmarks";
import type { Landmarks } from "../camera/protocol";
import type { StateMessage } from "../generated/messages";
import { bandOf, coverOf, GAUGE_RANGE_DEG, gaugeKindOf, gaugeOf, type Size, type XY } from "./geometry";

/** On the picture the colours do not follow the theme: the picture is always dimmed. */
const LIGHT = "#eaf1f2";
const LIT = "#6cc7c2";
const DARK = "#0d1416";
const DIM = "rgb(13 20 22 / 0.2)";
const FAINT_VISIBILITY = 0.5;

const LIT_BONES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  shoulder_turn_deg: [[POINT.leftShoulder, POINT.rightShoulder]],
  trunk_rotation_deg: [[POINT.leftShoulder, POINT.rightShoulder]],
  head_rotation_deg: [
    [POINT.leftEar, POINT.nose],
    [POINT.nose, POINT.rightEar],
  ],
  left_shoulder_elevation_deg: [
    [POINT.leftShoulder, POINT.leftElbow],
    [POINT.leftElbow, POINT.leftWrist],
    [POINT.rightShoulder, POINT.rightElbow],
    [POINT.rightElbow, POINT.rightWrist],
  ],
};

export interface OverlayLook {
  readonly stage: Size;
  readonly isMirrored: boolean;
}

function line(
  context: CanvasRenderingContext2D,
  points: readonly XY[],
  width: number,
  colour: string,
  alpha: number,
): void {
  context.beginPath();
  for (const [i, point] of points.entries()) {
    if (i === 0) context.moveTo(point.x, point.y);
    else context.lineTo(point.x, point.y);
  }
  // A dark rim keeps the line legible on every picture; a blurred shadow would cost more than the engine.
  context.globalAlpha = 0.3 * alpha;
  context.strokeStyle = DARK;
  context.lineWidth = 1.45 * width;
  context.stroke();
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

function dot(context: CanvasRenderingContext2D, at: XY, radius: number, colour: string): void {
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.strokeStyle = DARK;
  context.lineWidth = radius / 3;
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function arc(place: (angle_deg: number) => XY, from_deg: number, to_deg: number): XY[] {
  const n = Math.max(2, Math.ceil(Math.abs(to_deg - from_deg) / 2));
  return Array.from({ length: n + 1 }, (_, i) => place(from_deg + ((to_deg - from_deg) * i) / n));
}

export function drawOverlay(
  context: CanvasRenderingContext2D,
  found: Landmarks,
  state: StateMessage | null,
  look: OverlayLook,
): void {
  const { stage } = look;
  context.globalAlpha = 1;
  context.clearRect(0, 0, stage.width, stage.height);
  // Dimmed here and not by the video's opacity, which would blend each picture once more.
  context.fillStyle = DIM;
  context.fillRect(0, 0, stage.width, stage.height);
  if (!found.image) return;
  const points = found.image;
  const place = coverOf({ width: found.width_px, height: found.height_px }, stage, look.isMirrored);
  const unit = Math.min(stage.width, stage.height) / 100;
  context.lineCap = "round";
  context.lineJoin = "round";
  drawBones(context, points, place, unit, state?.quantity ?? "");
  if (state) drawGauge(context, points, place, unit, state, look);
  context.globalAlpha = 1;
}

function drawBones(
  context: CanvasRenderingContext2D,
  points: Float32Array,
  place: (point: XY) => XY,
  unit: number,
  quantity: string,
): void {
  const lit = LIT_BONES[quantity] ?? [];
  for (const [from, to] of BONES) {
    const [a, b] = [spotOf(points, from), spotOf(points, to)];
    const isFaint = Math.min(a.visibility, b.visibility) < FAINT_VISIBILITY;
    if (!isFaint) line(context, [place(a), place(b)], 0.8 * unit, LIGHT, 0.8);
  }
  const shoulders = middleOf(spotOf(points, POINT.leftShoulder), spotOf(points, POINT.rightShoulder));
  const hips = middleOf(spotOf(points, POINT.leftHip), spotOf(points, POINT.rightHip));
  const isTrunkLit = quantity === "trunk_side_bend_deg" || quantity === "slide_norm";
  if (shoulders.visibility >= FAINT_VISIBILITY && hips.visibility >= FAINT_VISIBILITY) {
    const [width, colour] = isTrunkLit ? [1.5 * unit, LIT] : [0.8 * unit, LIGHT];
    line(context, [place(shoulders), place(hips)], width, colour, isTrunkLit ? 1 : 0.8);
    if (isTrunkLit) for (const end of [shoulders, hips]) dot(context, place(end), 1.5 * unit, LIT);
  }
  const joints = new Set<number>();
  for (const [from, to] of lit) {
    line(context, [place(spotOf(points, from)), place(spotOf(points, to))], 1.6 * unit, LIT, 1);
    joints.add(from).add(to);
  }
  for (const joint of joints) dot(context, place(spotOf(points, joint)), 1.5 * unit, LIT);
}

function drawGauge(
  context: CanvasRenderingContext2D,
  points: Float32Array,
  place: (point: XY) => XY,
  unit: number,
  state: StateMessage,
  look: OverlayLook,
): void {
  const kind = gaugeKindOf(state.quantity);
  if (kind === "none" || state.angle_deg === null) return;
  const trunk = {
    shoulders: place(middleOf(spotOf(points, POINT.leftShoulder), spotOf(points, POINT.rightShoulder))),
    hips: place(middleOf(spotOf(points, POINT.leftHip), spotOf(points, POINT.rightHip))),
  };
  const at = gaugeOf(kind, trunk, look.stage, look.isMirrored ? 1 : -1);
  const range = GAUGE_RANGE_DEG[kind];
  line(context, arc(at, -range, range), 1.9 * unit, LIGHT, 0.25);
  if (state.zone) {
    const [from, to] = bandOf(state.zone, state.side, state.angle_deg);
    line(context, arc(at, from, to), 1.9 * unit, LIGHT, 0.5);
  }
  const sd = state.angle_sd_deg ?? 0;
  if (sd > 0) line(context, arc(at, state.angle_deg - sd, state.angle_deg + sd), 1.9 * unit, LIT, 0.45);
  line(context, arc(at, 0, state.angle_deg), 1.9 * unit, state.in_form ? LIT : LIGHT, 0.95);
  dot(context, at(state.angle_deg), 1.7 * unit, state.in_form ? LIT : LIGHT);
}
