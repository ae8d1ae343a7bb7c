/** The stage: the mirrored picture, dimmed a little, with the drawing over it, and whatever lies over both. Next file: `SessionPage.tsx`. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { settings } from "../app/state";
import { t } from "../text/catalogue";
import type { SessionController } from "./controller";
import { drawOverlay } from "./overlay";

interface StageProps {
  readonly session: SessionController;
  /** Under a stop: not to be reached, not read out. */
  readonly isCovered: boolean;
  readonly children: ComponentChildren;
}

/** Keep the canvas as sharp as the screen, and tell its size in CSS pixels. */
function fitCanvas(canvas: HTMLCanvasElement): { readonly width: number; readonly height: number } {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(2, devicePixelRatio || 1);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  canvas.getContext("2d")?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { width, height };
}

export function Stage({ session, isCovered, children }: StageProps) {
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { mode, stage, camera } = session.view.value;
  const isMirrored = settings.value.mirrored;

  useEffect(() => {
    session.feed.video = video.current;
    session.onPoints = (found) => {
      const context = canvas.current?.getContext("2d");
      if (!context || !canvas.current) return;
      const size = fitCanvas(canvas.current);
      drawOverlay(context, found, session.view.value.state, { stage: size, isMirrored: settings.value.mirrored });
    };
    return () => {
      session.onPoints = () => {};
      session.feed.video = null;
    };
  }, [session]);

  useEffect(() => {
    if ((stage === "live" || stage === "opening") && camera === null) return;
    const it = canvas.current;
    it?.getContext("2d")?.clearRect(0, 0, it.width, it.height);
  }, [stage, camera]);

  const hasPicture = mode !== "timer" && (stage === "live" || stage === "opening");
  return (
    <div class="stage" data-mirrored={isMirrored} inert={isCovered}>
      <video
        ref={video}
        class="stage-picture"
        playsInline
        muted
        hidden={!hasPicture}
        aria-label={t(pictureName(mode))}
      />
      <canvas ref={canvas} class="stage-drawing" hidden={!hasPicture} />
      {children}
    </div>
  );
}

function pictureName(mode: string): string {
  return mode === "demo" ? "media.demo.alt" : "ui.place.session";
}
