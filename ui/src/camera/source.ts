/**
 * Where the picture comes from: the camera, or the demonstration person. In: a wish. Out: a playing video element, or which trouble
 * there is, as a value; the words for each are in the catalogue under `camera.problem.*`. Next file: `../session/controller.ts`.
 */

export type CameraProblem = "insecure" | "none" | "refused" | "busy" | "lost" | "failed" | "engine" | "demo";

export type Opened<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: CameraProblem };

/** What a failure of `getUserMedia` means for a person. */
export function nameProblem(fault: unknown): CameraProblem {
  const name = fault instanceof Error || fault instanceof DOMException ? fault.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "failed";
}

const STORED = "unkink.camera";

function readCameraId(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

export function rememberCamera(deviceId: string): void {
  try {
    localStorage.setItem(STORED, deviceId);
  } catch {
    // Then the browser chooses again next time.
  }
}

export async function openCamera(): Promise<Opened<MediaStream>> {
  if (!isSecureContext || !navigator.mediaDevices?.getUserMedia) return { ok: false, problem: "insecure" };
  const deviceId = readCameraId();
  const video: MediaTrackConstraints = {
    // 4 to 3 sees more of the height than 16 to 9, and the engine needs no more pixels.
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
    ...(deviceId ? { deviceId: { ideal: deviceId } } : { facingMode: { ideal: "user" } }),
  };
  try {
    return { ok: true, value: await navigator.mediaDevices.getUserMedia({ video, audio: false }) };
  } catch (fault) {
    return { ok: false, problem: nameProblem(fault) };
  }
}

/** Cameras by name; names are only known once one was allowed. */
export async function listCameras(): Promise<readonly MediaDeviceInfo[]> {
  try {
    return (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "videoinput" && d.deviceId);
  } catch {
    return [];
  }
}

export async function playCamera(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  video.srcObject = stream;
  video.muted = true;
  await video.play();
}

/** Load the demonstration so far that it can play without a stop. */
export function loadDemonstration(video: HTMLVideoElement, exercise_id: string): Promise<Opened<null>> {
  return new Promise((resolve) => {
    video.srcObject = null;
    video.muted = true;
    video.loop = true;
    video.preload = "auto";
    video.oncanplaythrough = () => resolve({ ok: true, value: null });
    video.onerror = () => resolve({ ok: false, problem: "demo" });
    video.src = `/media/demo/${exercise_id}.mp4`;
    video.load();
  });
}

export function closePicture(video: HTMLVideoElement): void {
  const stream = video.srcObject as MediaStream | null;
  for (const track of stream?.getTracks() ?? []) track.stop();
  video.pause();
  video.oncanplaythrough = null;
  video.onerror = null;
  video.srcObject = null;
  if (video.hasAttribute("src")) {
    video.removeAttribute("src");
    video.load();
  }
}
