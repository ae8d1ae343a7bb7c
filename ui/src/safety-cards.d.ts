declare module "virtual:safety-cards" {
  export interface HelpCardRule {
    readonly id: string;
    readonly tier: "emergency" | "urgent" | "info";
    readonly call: "emergency" | "clinician" | "none";
    readonly nSteps: number;
    readonly hasSay: boolean;
    /** Rows of the evidence that lead here. */
    readonly rows: readonly string[];
    readonly isOnHelpPage: boolean;
  }
  /** In the order of the help page. */
  export const HELP: readonly HelpCardRule[];
  /** Signs that stop a session, each with its help card. */
  export const STOPS: readonly { readonly id: string; readonly card: string }[];
  /** Kinds of pain that are stop signs, too. */
  export const PAIN_SIGNS: Readonly<Record<string, string>>;
  /** Help card of each emergency row of the Check. */
  export const ROW_CARDS: Readonly<Record<string, string>>;
}
