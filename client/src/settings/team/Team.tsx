import { useState } from "react";
import { useWish } from "../../actions/wishes.ts";
import * as api from "../../api/settings.ts";
import type { Id } from "../../api/types.ts";
import { useMe } from "../../sync/context.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { date, useNow } from "../../ui/time.ts";
import { toast } from "../../ui/toast.tsx";
import { Group, NotRead, Screen, tried, useRead } from "../parts.tsx";
import styles from "../parts.module.css";
import { Change } from "./Change.tsx";
import { Invite, NewLink } from "./Invite.tsx";
import { Remove } from "./Remove.tsx";

type Open =
  | { what: "invite" }
  | { what: "change"; member: api.Member }
  | { what: "remove"; member: api.Member }
  | { what: "link"; member: api.Member }
  | null;

/** Who is here: colleagues, open invitations, who left. */
export function Team() {
  const { can } = useMe();
  const { found, set, reason, again } = useRead(api.team);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  useWish(can.lead ? t("team.invite") : null, () => setOpen({ what: "invite" }));
  const closeAndRead = () => {
    setOpen(null);
    void again();
  };
  const here = found?.members.filter(({ active }) => active) ?? [];
  const former = found?.members.filter(({ active }) => !active) ?? [];
  return (
    <Screen
      title={t("settings.team")}
      about={t("team.about")}
      act={
        can.lead && (
          <button type="button" className={buttons.solid} onClick={() => setOpen({ what: "invite" })}>
            {t("team.invite")}
          </button>
        )
      }
    >
      {reason && <NotRead reason={reason} again={again} />}
      {found && (
        <Group title={t("team.here", { n: here.length })}>
          {here.map((member) => (
            <Person key={member.id} member={member} open={setOpen} />
          ))}
        </Group>
      )}
      {found && found.invitations.length > 0 && (
        <Group title={t("team.invited")} about={t("team.invited.about")}>
          {found.invitations.map((invitation) => (
            <Open key={invitation.id} invitation={invitation} again={again} />
          ))}
        </Group>
      )}
      {former.length > 0 && (
        <Group title={t("team.former")} about={t("team.former.about")}>
          {former.map((member) => (
            <Person key={member.id} member={member} open={setOpen} />
          ))}
        </Group>
      )}
      {open?.what === "invite" && <Invite close={closeAndRead} />}
      {open?.what === "link" && <NewLink member={open.member} close={closeAndRead} />}
      {open?.what === "change" && <Change member={open.member} close={close} changed={set} />}
      {open?.what === "remove" && <Remove member={open.member} close={closeAndRead} />}
    </Screen>
  );
}

function Person({ member, open }: { member: api.Member; open(what: Open): void }) {
  const { user } = useMe();
  const self = member.id === user.id;
  return (
    <div className={`${styles.row} ${member.active ? "" : styles.former}`}>
      <div className={styles.who}>
        <Avatar name={member.initials} />
        <div className={styles.said}>
          <b>
            <bdi>{member.duty_name}</bdi> <span className={styles.quiet}>^{member.initials}</span>
            {self && <span className={styles.quiet}> · {t("team.you")}</span>}
          </b>
          {member.email && <p>{member.email}</p>}
        </div>
      </div>
      <div className={styles.acts}>
        <span className={styles.role}>{t(`role.${member.role as api.Role}`)}</span>
        {member.may_change && member.active && (
          <button type="button" className={buttons.small} onClick={() => open({ what: "change", member })}>
            {t("team.change")}
            <span className="hidden-visually"> {member.duty_name}</span>
          </button>
        )}
        {member.may_change && !self && (
          <button type="button" className={buttons.small} onClick={() => open({ what: "link", member })}>
            {member.active ? t("team.newPassword") : t("team.letBack")}
            <span className="hidden-visually"> {member.duty_name}</span>
          </button>
        )}
        {member.may_change && member.active && !self && (
          <button type="button" className={buttons.small} onClick={() => open({ what: "remove", member })}>
            {t("team.remove")}
            <span className="hidden-visually"> {member.duty_name}</span>
          </button>
        )}
      </div>
    </div>
  );
}

function Open({ invitation, again }: { invitation: api.Invitation; again(): Promise<void> }) {
  const until = useNow((present) => date(invitation.expires_at, present));
  const withdraw = async (id: Id) => {
    if (!(await tried(() => api.withdraw(id)))) return;
    toast(t("team.withdrawn"));
    await again();
  };
  return (
    <div className={styles.row}>
      <div className={styles.said}>
        <b>{invitation.email}</b>
        <p>
          {t(invitation.membership_id ? "team.link.by" : "team.invited.by", {
            role: t(`role.${invitation.role as api.Role}`),
            by: invitation.by,
            date: until,
          })}
        </p>
      </div>
      <button type="button" className={buttons.small} onClick={() => void withdraw(invitation.id)}>
        {t("team.withdraw")}
        <span className="hidden-visually"> {invitation.email}</span>
      </button>
    </div>
  );
}
