/** Tools that change how the session looks and sounds, not what happens in it. Next file: `controller.ts`. */
import type { Signal } from "@preact/signals";
import { changeSettings, settings } from "../app/state";
import { nextLevel, type SoundDesk } from "../voice/sound";
import type { Intent } from "./keys";

/** Do it if it is one of these; says whether it was. */
export function applyTool(intent: Intent, sound: SoundDesk, hasBreathTone: Signal<boolean>): boolean {
  switch (intent) {
    case "sound":
      void changeSettings({ sound: nextLevel(settings.value.sound) });
      sound.applyLevel();
      return true;
    case "breath-tone":
      hasBreathTone.value = !hasBreathTone.value;
      if (!hasBreathTone.value) sound.hush();
      return true;
    case "mirror":
      void changeSettings({ mirrored: !settings.value.mirrored });
      return true;
    case "fullscreen":
      if (document.fullscreenElement) void document.exitFullscreen();
      else void document.documentElement.requestFullscreen?.().catch(() => {});
      return true;
    default:
      return false;
  }
}
