import { Waiting } from "../design/Mark";
import { t } from "../text/catalogue";

export function CheckPage(_: { id: string }) {
  return <Waiting label={t("ui.waiting")} />;
}
