import { useDeskState } from "../../sync/context.ts";
import type { NoteItem } from "../../api/types.ts";
import { ForeignText } from "../../ui/ForeignText.tsx";
import { partsOf } from "./mentions.ts";
import styles from "./together.module.css";

/** A note's words, the colleagues it names made to stand out. */
export function NoteText({ note }: { note: NoteItem }) {
  const team = useDeskState((state) => state.team);
  if (note.mentions.length === 0) return <ForeignText text={note.text} />;
  const named = team.filter((one) => note.mentions.includes(one.id));
  return (
    <div className={styles.noteText} dir="auto">
      {partsOf(note.text, named).map(({ text, who }, place) => (who ? <b key={place}>{text}</b> : text))}
    </div>
  );
}
