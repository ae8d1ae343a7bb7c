/** Once a week, quietly: a longer look. "Not now" is kept for a week. */
import { ask } from "../api/client";
import type { Today } from "../api/types";
import { t } from "../text/catalogue";

export function ReviewOffer({ onLater }: { onLater: (today: Today) => void }) {
  const putOff = async () => {
    const answer = await ask<Today>("POST", "/api/reviews/later");
    if (answer.ok) onLater(answer.value);
  };
  return (
    <section class="note review-offer" aria-labelledby="review-offer">
      <div>
        <h2 id="review-offer">{t("look-back.offer.title")}</h2>
        <p class="quiet">{t("look-back.offer.text")}</p>
      </div>
      <p class="row">
        <a class="button" href="/look-back">
          {t("look-back.offer.go")}
        </a>
        <button type="button" class="button plain" onClick={() => void putOff()}>
          {t("look-back.offer.later")}
        </button>
      </p>
    </section>
  );
}
