import { Waiting } from "../design/Mark";
import { t } from "../text/catalogue";

export function TechniquesPage(_: { id: string }) {
  return <Waiting label={t("ui.waiting")} />;
}
