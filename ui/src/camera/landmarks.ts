/**
 * MediaPipe's 33 points as flat numbers. In: what the landmarker found. Out: 33 x (x, y, z, visibility) as float32, the only thing
 * about the person that leaves the page. Left and right are the person's own. Next file: `landmarker.ts`.
 */

export const N_LANDMARKS = 33;
export const N_VALUES = N_LANDMARKS * 4;

export const POINT = {
  nose: 0,
  leftEar: 7,
  rightEar: 8,
  leftShoulder: 11,
  rightShoulder: 12,
  leftElbow: 13,
  rightElbow: 14,
  leftWrist: 15,
  rightWrist: 16,
  leftHip: 23,
  rightHip: 24,
  leftKnee: 25,
  rightKnee: 26,
  leftAnkle: 27,
  rightAnkle: 28,
} as const;

/** Bones that are drawn: [from, to]. The face is left out: it is not measured and lines over a face look harsh. */
export const BONES: readonly (readonly [number, number])[] = [
  [POINT.leftShoulder, POINT.rightShoulder],
  [POINT.leftHip, POINT.rightHip],
  [POINT.leftShoulder, POINT.leftElbow],
  [POINT.leftElbow, POINT.leftWrist],
  [POINT.rightShoulder, POINT.rightElbow],
  [POINT.rightElbow, POINT.rightWrist],
  [POINT.leftHip, POINT.leftKnee],
  [POINT.leftKnee, POINT.leftAnkle],
  [POINT.rightHip, POINT.rightKnee],
  [POINT.rightKnee, POINT.rightAnkle],
];

interface Point3 {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly visibility?: number;
}

/** Pack points as float32. The byte order of every browser that runs WebAssembly is little-endian, as the wire wants it. */
export function packPoints(points: readonly Point3[] | undefined): Float32Array<ArrayBuffer> | null {
  if (!points || points.length !== N_LANDMARKS) return null;
  const packed = new Float32Array(N_VALUES);
  for (let i = 0; i < N_LANDMARKS; i++) {
    const point = points[i]!;
    packed[4 * i] = point.x;
    packed[4 * i + 1] = point.y;
    packed[4 * i + 2] = point.z;
    packed[4 * i + 3] = point.visibility ?? 0;
  }
  return packed.every(Number.isFinite) ? packed : null;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly visibility: number;
}

/** One point of packed landmarks, in picture widths and heights. */
export function spotOf(packed: Float32Array, idx: number): Spot {
  return { x: packed[4 * idx]!, y: packed[4 * idx + 1]!, visibility: packed[4 * idx + 3]! };
}

export function middleOf(a: Spot, b: Spot): Spot {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, visibility: Math.min(a.visibility, b.visibility) };
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function boxOf(points: readonly Point3[]): Box {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const smaller = Math.min((a.right - a.left) * (a.bottom - a.top), (b.right - b.left) * (b.bottom - b.top));
  return shared / Math.max(smaller, 1e-6);
}

/** How many different persons these poses are: the landmarker may find one person twice, or a faint one in a picture on the wall. */
export function countPersons(poses: readonly (readonly Point3[])[]): number {
  const kept: Box[] = [];
  for (const points of poses) {
    const trunk = [POINT.leftShoulder, POINT.rightShoulder, POINT.leftHip, POINT.rightHip].map((i) => points[i]);
    if (trunk.some((p) => p === undefined)) continue;
    const seen = Math.min(trunk[0]!.visibility ?? 0, trunk[1]!.visibility ?? 0);
    if (seen < 0.6) continue;
    const box = boxOf(points);
    if (kept.every((other) => overlap(box, other) < 0.5)) kept.push(box);
  }
  return kept.length;
}
