import { editAgain, sayAgain } from "../composer/send.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import type { SpokenAct } from "../sync/state.ts";
import buttons from "../ui/button.module.css";
import { ForeignText } from "../ui/ForeignText.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { Bubble, readersOf } from "./Bubble.tsx";
import { HowItGoes } from "./HowItGoes.tsx";
import styles from "./timeline.module.css";

const READER = { public_reply: "public", direct_reply: "private", note: "note" } as const;

/** What was just said here: shown at once, confirmed or not. A failure says so and offers the way back. */
export function Pending({ act, customer }: { act: SpokenAct; customer: string }) {
  const { user } = useMe();
  const reader = READER[act.kind];
  const network = useDeskState(
    (state) => state.channels.get(state.rows.get(act.caseId)?.channel_id ?? "")?.network_label ?? "",
  );
  return (
    <Bubble
      reader={reader}
      ours={reader !== "note"}
      quiet
      who={<bdi className={styles.name}>{user.duty_name}</bdi>}
      readers={reader === "note" ? t("audience.note") : readersOf(reader, network, customer)}
      at={act.at}
    >
      <ForeignText text={act.text} />
      {act.state === "sending" && <HowItGoes busy>{t("act.sending")}</HowItGoes>}
      {act.state === "waiting" && <Waits act={act} />}
      {act.state === "failed" && <Failed act={act} />}
    </Bubble>
  );
}

function Waits({ act }: { act: SpokenAct }) {
  const desk = useDesk();
  return (
    <HowItGoes sign="clock">
      {t("act.waiting")}
      <button type="button" className={buttons.small} onClick={() => editAgain(desk, act)}>
        {t("act.takeBack")}
      </button>
    </HowItGoes>
  );
}

function Failed({ act }: { act: SpokenAct }) {
  const desk = useDesk();
  return (
    <HowItGoes sign="warning" strong>
      <span role="alert">
        <b>{t(`act.failed.${act.kind}`)}</b> {act.reason && refusalWords(act.reason)}
      </span>
      <button type="button" className={buttons.small} onClick={() => void sayAgain(desk, act)}>
        {t("again")}
      </button>
      <button type="button" className={buttons.small} onClick={() => editAgain(desk, act)}>
        {t("act.edit")}
      </button>
    </HowItGoes>
  );
}
