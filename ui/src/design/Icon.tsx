/** A few pictures in one stroke, always beside words. */
const SHAPES = {
  today: "M4 11 L12 4 L20 11 V20 H4 Z M10 20 V14 H14 V20",
  progress: "M4 20 H20 M4 16 L9 11 L13 14 L20 6",
  techniques: "M12 4.5 m-2 0 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M5 9 C9 11 15 11 19 9 M12 10.5 V15 L8.5 20 M12 15 L15.5 20",
  learn:
    "M4 5.5 C7 4.5 10 5 12 6.5 C14 5 17 4.5 20 5.5 V18.5 C17 17.5 14 18 12 19.5 C10 18 7 17.5 4 18.5 Z M12 6.5 V19.5",
  settings:
    "M4 8 H13 M17 8 H20 M4 16 H7 M11 16 H20 M15 8 m-2 0 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M9 16 m-2 0 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0",
  tick: "M5 12.5 L10 17.5 L19.5 7",
  cross: "M6 6 L18 18 M18 6 L6 18",
  next: "M5 12 H19 M13 6 L19 12 L13 18",
  back: "M19 12 H5 M11 6 L5 12 L11 18",
  phone:
    "M6 4 H9.5 L11 8.5 L8.8 10.2 C9.8 12.4 11.6 14.2 13.8 15.2 L15.5 13 L20 14.5 V18 C20 19.2 19.2 20 18 20 C10.5 19.5 4.5 13.5 4 6 C4 4.8 4.8 4 6 4 Z",
  pause: "M9 6 V18 M15 6 V18",
  play: "M8 5.5 L18.5 12 L8 18.5 Z",
  info: "M12 3.5 m0 0 a8.5 8.5 0 1 1 0 17 a8.5 8.5 0 1 1 0 -17 M12 11 V16.5 M12 7.6 V7.8",
  wait: "M12 3.5 m0 0 a8.5 8.5 0 1 1 0 17 a8.5 8.5 0 1 1 0 -17 M12 7 V12 L15 14",
  print: "M7 9 V4 H17 V9 M7 17 H4 V9 H20 V17 H17 M7 14 H17 V20 H7 Z",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
