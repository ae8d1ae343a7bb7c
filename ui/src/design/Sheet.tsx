/** A sheet over the page: the browser's own dialog, so that focus and Escape do what people expect. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface SheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly labelledBy: string;
  readonly children: ComponentChildren;
}

export function Sheet({ isOpen, onClose, labelledBy, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const it = dialog.current;
    if (!it) return;
    if (isOpen && !it.open) it.showModal();
    if (!isOpen && it.open) it.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby={labelledBy} onClose={onClose}>
      {isOpen ? <div class="sheet-body">{children}</div> : null}
    </dialog>
  );
}
