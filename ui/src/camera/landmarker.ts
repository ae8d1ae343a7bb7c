/**
 * The pose engine itself, wherever it runs. In: pictures. Out: packed landmarks. Used by `pose.worker.ts`, and by the page where a
 * worker cannot draw. Everything is loaded from this very server. Next file: `pose.worker.ts`.
 */
import { FilesetResolver, PoseLandmarker } from "@mediapipe/tasks-vision";
import { countPersons, packPoints } from "./landmarks";

export type ModelName = "lite" | "full";
export type Delegate = "GPU" | "CPU";
/** `track` follows one person from picture to picture; `count` looks now and then how many there are. */
export type Task = "track" | "count";
export type Picture = VideoFrame | ImageBitmap | HTMLVideoElement;

export interface EngineWish {
  readonly task: Task;
  readonly model: ModelName;
  readonly delegate: Delegate;
}

export interface Found {
  readonly image: Float32Array<ArrayBuffer> | null;
  readonly world: Float32Array<ArrayBuffer> | null;
}

const MAX_PERSONS = 3;
const SOFTWARE = /swiftshader|llvmpipe|software|basic render|softpipe/i;

/** Whether WebGL 2 is drawn by real graphics hardware. A software renderer gives about one picture a second. */
export function hasGraphicsHardware(canvas: OffscreenCanvas | HTMLCanvasElement): boolean {
  const gl = canvas.getContext("webgl2") as WebGL2RenderingContext | null;
  if (!gl) return false;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !SOFTWARE.test(renderer);
}

export class Landmarker {
  readonly #engine: PoseLandmarker;
  #last_ms = 0;

  private constructor(engine: PoseLandmarker) {
    this.#engine = engine;
  }

  static async open(wish: EngineWish, isModule: boolean): Promise<Landmarker> {
    const files = await FilesetResolver.forVisionTasks("/wasm", isModule);
    const engine = await PoseLandmarker.createFromOptions(files, {
      baseOptions: { modelAssetPath: `/pose/pose_landmarker_${wish.model}.task`, delegate: wish.delegate },
      runningMode: wish.task === "track" ? "VIDEO" : "IMAGE",
      numPoses: wish.task === "track" ? 1 : MAX_PERSONS,
    });
    return new Landmarker(engine);
  }

  /** Landmarks of the next picture of one stream; the engine wants a clock that only goes forward. */
  track(picture: Picture, at_ms: number): Found {
    this.#last_ms = Math.max(this.#last_ms + 1, at_ms);
    const result = this.#engine.detectForVideo(picture, this.#last_ms);
    return { image: packPoints(result.landmarks[0]), world: packPoints(result.worldLandmarks[0]) };
  }

  count(picture: Picture): number {
    return countPersons(this.#engine.detect(picture).landmarks);
  }

  close(): void {
    this.#engine.close();
  }
}

const LIGHT_WIDTH = 32;
const LIGHT_HEIGHT = 24;

/** Mean brightness of a picture: it is drawn 32 by 24 pixels small, and only one number is kept. */
export class LightMeter {
  #context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null = null;

  read(picture: Picture): number | null {
    this.#context ??= openTinyCanvas();
    if (!this.#context) return null;
    try {
      this.#context.drawImage(picture, 0, 0, LIGHT_WIDTH, LIGHT_HEIGHT);
      return computeMeanLuminance(this.#context.getImageData(0, 0, LIGHT_WIDTH, LIGHT_HEIGHT).data);
    } catch {
      return null;
    }
  }
}

function openTinyCanvas(): OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null {
  if (typeof OffscreenCanvas !== "undefined") {
    return new OffscreenCanvas(LIGHT_WIDTH, LIGHT_HEIGHT).getContext("2d", { willReadFrequently: true });
  }
  const canvas = document.createElement("canvas");
  canvas.width = LIGHT_WIDTH;
  canvas.height = LIGHT_HEIGHT;
  return canvas.getContext("2d", { willReadFrequently: true });
}

/** Luminance (ITU-R BT.709 weights) of RGBA bytes, mean, 0 to 1. */
export function computeMeanLuminance(rgba: Uint8ClampedArray): number {
  let sum = 0;
  for (let i = 0; i < rgba.length; i += 4) sum += 0.2126 * rgba[i]! + 0.7152 * rgba[i + 1]! + 0.0722 * rgba[i + 2]!;
  return rgba.length === 0 ? 0 : sum / (rgba.length / 4) / 255;
}
