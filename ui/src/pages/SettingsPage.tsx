import { Waiting } from "../design/Mark";
import { t } from "../text/catalogue";

export function SettingsPage(_: { id: string }) {
  return <Waiting label={t("ui.waiting")} />;
}
