import { useEffect, useId, useRef } from "react";
import { tip } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import { reasonOf } from "../api/http.ts";
import { uploadWith } from "../api/uploading.ts";
import type { Id } from "../api/types.ts";
import buttons from "../ui/button.module.css";
import { announce } from "../ui/announce.tsx";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import styles from "./composer.module.css";
import { change, type Draft, type DraftPicture } from "./drafts.ts";
import { type PictureRule, sorted } from "./pictureRule.ts";

/** Take pictures in; what the network would not take is refused before it is sent anywhere, and each refusal is told. */
export function takeFiles(caseId: Id, channel: Id, files: readonly File[], rule: PictureRule, there: number): void {
  const { taken, told } = sorted(files, rule, there);
  if (told.length > 0) {
    toast(told.join(" "));
    announce(told.join(" "));
  }
  for (const file of taken) void add(caseId, channel, file);
}

async function add(caseId: Id, channel: Id, file: File): Promise<void> {
  const key = crypto.randomUUID();
  const set = (how: (all: readonly DraftPicture[]) => readonly DraftPicture[]) =>
    change(caseId, (draft) => ({ ...draft, pictures: how(draft.pictures) }));
  set((all) => [...all, { key, name: file.name, mediaId: null, alt: "", far: 0 }]);
  const far = (part: number) => set((all) => all.map((each) => (each.key === key ? { ...each, far: part } : each)));
  try {
    const { media_id } = await uploadWith(channel, file, far);
    set((all) => all.map((each) => (each.key === key ? { ...each, mediaId: media_id } : each)));
  } catch (error) {
    set((all) => all.filter((each) => each.key !== key));
    toast(refusalWords(reasonOf(error)));
  }
}

/** Pictures of a public reply, each with the words for those who cannot see it. */
export function Pictures({ caseId, draft }: { caseId: Id; draft: Draft }) {
  if (draft.pictures.length === 0) return null;
  return (
    <div className={styles.pictures}>
      {draft.pictures.map((picture) => (
        <Picture key={picture.key} caseId={caseId} picture={picture} />
      ))}
    </div>
  );
}

interface AddProps {
  take(files: readonly File[]): void;
  rule: PictureRule;
  full: boolean;
}

export function AddPicture({ take, rule, full }: AddProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => (full ? undefined : lend({ addPictures: () => input.current?.click() })), [full]);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={rule.types.join(",")}
        onChange={(event) => {
          take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <button
        type="button"
        className={`${buttons.ghost} ${styles.attach}`}
        disabled={full}
        title={tip("add-pictures")}
        onClick={() => input.current?.click()}
      >
        <Icon name="picture" size={16} />
        {t("picture.add")}
      </button>
    </>
  );
}

function Picture({ caseId, picture }: { caseId: Id; picture: DraftPicture }) {
  const id = useId();
  const set = (how: (each: DraftPicture) => DraftPicture[]) =>
    change(caseId, (draft) => ({
      ...draft,
      pictures: draft.pictures.flatMap((each) => (each.key === picture.key ? how(each) : [each])),
    }));
  return (
    <div className={styles.picture}>
      {picture.mediaId ? (
        <img src={`/media/${picture.mediaId}`} alt="" />
      ) : (
        <progress
          className={styles.uploading}
          max={1}
          value={picture.far ?? 0}
          aria-label={t("picture.goesUp", { name: picture.name })}
        />
      )}
      <label htmlFor={id} className="hidden-visually">
        {t("picture.alt", { name: picture.name })}
      </label>
      <input
        id={id}
        data-alt=""
        dir="auto"
        value={picture.alt}
        required
        maxLength={400}
        placeholder={t("picture.altPlaceholder")}
        onChange={(event) => set((each) => [{ ...each, alt: event.target.value }])}
      />
      <button
        type="button"
        className={buttons.icon}
        aria-label={t("picture.remove", { name: picture.name })}
        onClick={() => set(() => [])}
      >
        <Icon name="close" size={15} />
      </button>
    </div>
  );
}
