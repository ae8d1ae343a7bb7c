/** Figures in the hand of the mark: how to be before the camera, and where the camera stands. Next file: `Setup.tsx`. */
import { t } from "../text/catalogue";
import type { Position } from "./texts";

/** Body outlines, 100 wide and 100 high, as seen by the camera. */
const OUTLINES: Readonly<Record<Position, string>> = {
  sitting:
    "M50 8 a8.5 9.5 0 1 1 -0.1 0 Z M42 31 C34 33 30 37 29 45 L27 62 M58 31 C66 33 70 37 71 45 L73 62 M42 31 C46 28.5 54 28.5 58 31 M38 40 L39 64 M62 40 L61 64 M39 64 C34 66 31 69 31 74 L32 94 M61 64 C66 66 69 69 69 74 L68 94 M44 76 L44 94 M56 76 L56 94 M44 76 C47 73.5 53 73.5 56 76",
  standing:
    "M50 14 a6 6.8 0 1 1 -0.1 0 Z M44 31 C40 28 37 20 36 8 M56 31 C60 28 63 20 64 8 M44 31 C43 38 44 44 44 52 C43 66 43 80 43 95 M56 31 C57 38 56 44 56 52 C57 66 57 80 57 95 M50 58 L50 95",
  lying:
    "M14 60 a6.5 6.5 0 1 1 0.1 0 Z M22 62 C34 58 44 62 54 68 L60 70 L74 50 L84 76 L91 76 M20 52 C28 46 32 48 30 56 M34 74 a6 6 0 1 1 0.1 0 Z",
};

/** The dashed shape to step into, over the stage. */
export function Silhouette({ position }: { position: Position }) {
  return (
    <svg class="silhouette" viewBox="0 0 100 100" aria-hidden="true">
      <path d={OUTLINES[position]} />
    </svg>
  );
}

const CAMERA = "M0 0 h15 v11 h-15 Z M15 3.5 l6 -3 v10 l-6 -3 Z";

/** Where the camera stands, seen from the side (for lying: from above the feet). */
const VIEWS: Readonly<
  Record<Position, { readonly body: string; readonly camera: string; readonly sight: string; readonly floor: string }>
> = {
  sitting: {
    body: "M188 34 a10 11 0 1 1 -0.1 0 Z M188 58 C186 74 187 88 190 104 L158 106 L156 142 M190 64 L170 86 L176 92 M202 62 L204 142 M186 108 L204 108 M162 108 L164 142",
    camera: "translate(22 72)",
    sight: "M50 76 L176 32 M50 78 L178 110",
    floor: "M8 143 H232",
  },
  standing: {
    body: "M190 26 a8 9 0 1 1 -0.1 0 Z M190 46 C188 62 190 74 190 86 L188 114 L189 142 M190 54 L172 38 L168 8 M190 86 L195 114 L195 142",
    camera: "translate(12 62)",
    sight: "M40 66 L182 8 M40 68 L182 96",
    floor: "M8 143 H232",
  },
  lying: {
    body: "M92 116 a9 9 0 1 1 0.1 0 Z M102 118 C118 112 134 120 150 128 L160 129 L178 100 L192 140 L202 140 M118 137 a7 7 0 1 1 0.1 0 Z",
    camera: "translate(110 26) rotate(90 10 6)",
    sight: "M112 52 L84 98 M120 52 L198 128",
    floor: "M8 143 H232",
  },
};

export function CameraDrawing({ position }: { position: Position }) {
  const { body, camera, sight, floor } = VIEWS[position];
  return (
    <svg class="camera-drawing" viewBox="0 0 240 150" role="img" aria-label={t(`session.setup.alt.${position}`)}>
      <path class="floor" d={floor} />
      <path class="sight" d={sight} />
      <path class="body" d={body} />
      <path class="camera" d={CAMERA} transform={camera} />
    </svg>
  );
}
