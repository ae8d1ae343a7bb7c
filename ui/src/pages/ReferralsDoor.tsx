/** The door to what is fetched only when there is a reason to talk to somebody, or something to tell. */
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Referral, Today } from "../api/types";
import { isHelpOpen } from "../app/state";
import { t } from "../text/catalogue";

const pages = import.meta.glob<typeof import("./Referrals")>("./Referrals.tsx");
const loaded = signal<typeof import("./Referrals") | null>(null);

async function load(): Promise<boolean> {
  try {
    loaded.value ??= (await Object.values(pages)[0]?.()) ?? null;
  } catch {
    // The server has stopped: what can be done without it is on the help page.
  }
  return loaded.value !== null;
}

/** What a lock or the questions that are due tell already is not said twice. */
function isElse({ rule_id }: Referral, state: Today["screening_state"]): boolean {
  if (rule_id === "R16") return false;
  return state !== "locked" || !["R01", "R02", "R03"].includes(rule_id);
}

export function OpenReferrals({ today, onDone }: { today: Today; onDone: () => void }) {
  const open = today.referrals.filter((one) => isElse(one, today.screening_state));
  const isAny = open.length > 0;
  useEffect(() => {
    if (isAny) void load();
  }, [isAny]);
  const page = loaded.value;
  return isAny && page ? <page.Referrals open={open} onDone={onDone} /> : null;
}

export function TellDoor({ put }: { put: (value: Today) => void }) {
  const [isOpen, setOpen] = useState(false);
  const page = loaded.value;
  if (isOpen && page) return <page.Telling onTold={put} onClose={() => setOpen(false)} />;
  const open = async () => {
    if (await load()) setOpen(true);
    else isHelpOpen.value = true;
  };
  return (
    <p>
      <button type="button" class="button plain" onClick={() => void open()}>
        {t("telling.open")}
      </button>
    </p>
  );
}
