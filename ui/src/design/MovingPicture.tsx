/** A technique shown by a person: a short loop that can be stopped, a still where movement is not wanted. */
import { useEffect, useRef, useState } from "preact/hooks";
import { isMotionReduced } from "../app/state";
import { has, t } from "../text/catalogue";
import { Icon } from "./Icon";
import { EmptyLine } from "./Mark";
import "./picture.css";

interface MovingPictureProps {
  /** Technique or variant: `seated-twist`, `tw-soft`. */
  readonly id: string;
}

function describe(id: string): string {
  const key = `media.${id}.alt`;
  return has(key) ? t(key) : t("ui.picture.alt");
}

export function MovingPicture({ id }: MovingPictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [isPaused, setPaused] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const isStill = isMotionReduced.value;

  useEffect(() => setMissing(false), [id]);
  useEffect(() => {
    const it = video.current;
    if (!it) return;
    if (isPaused) it.pause();
    else it.play().catch(() => undefined);
  }, [isPaused, id, isStill]);

  if (isMissing) {
    return (
      <div class="picture is-missing" role="img" aria-label={describe(id)}>
        <EmptyLine />
      </div>
    );
  }
  if (isStill) {
    return (
      <div class="picture">
        <img src={`/media/stills/${id}.webp`} alt={describe(id)} onError={() => setMissing(true)} />
      </div>
    );
  }
  return (
    <div class="picture">
      {/* A film that loops without a sound is a picture: the reader gets its description, not a player. */}
      <div class="picture-frame" role="img" aria-label={describe(id)}>
        <video
          key={id}
          ref={video}
          src={`/media/loops/${id}.mp4`}
          poster={`/media/stills/${id}.webp`}
          aria-hidden="true"
          tabIndex={-1}
          muted
          loop
          autoplay
          playsInline
          disablePictureInPicture
          onError={() => setMissing(true)}
        />
      </div>
      <button
        type="button"
        class="picture-pause"
        aria-pressed={isPaused}
        aria-label={t("ui.picture.pause")}
        onClick={() => setPaused(!isPaused)}
      >
        <Icon name={isPaused ? "play" : "pause"} size={20} />
      </button>
    </div>
  );
}
