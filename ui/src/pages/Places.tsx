/** Where it is felt: as last time in one line, or pointed at on a figure. */
import { useState } from "preact/hooks";
import { later } from "../app/later";
import { t } from "../text/catalogue";

const BodyMap = later(() => import("../design/BodyMap").then((module) => module.BodyMap));

interface PlacesProps {
  readonly values: readonly string[];
  readonly usual: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

export function Places({ values, usual, onChange }: PlacesProps) {
  const [isOpen, setOpen] = useState(false);
  const isSame = usual.length > 0 && values.length === usual.length && usual.every((one) => values.includes(one));
  const told = values.map((id) => t(`place.${id}`)).join(", ");
  return (
    <section class={isOpen ? "stack tight" : "places-line"}>
      <h2>{t("check-in.places.title")}</h2>
      {isOpen ? (
        <BodyMap values={values} onChange={onChange} onDone={() => setOpen(false)} />
      ) : (
        <>
          {told ? <p class="places-told">{isSame ? t("check-in.places.same", { places: told }) : `${told}.`}</p> : null}
          <button type="button" class={told ? "button plain" : "button"} onClick={() => setOpen(true)}>
            {t(told ? "check-in.places.change" : "check-in.places.show")}
          </button>
        </>
      )}
    </section>
  );
}
