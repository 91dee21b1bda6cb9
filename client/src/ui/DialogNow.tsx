import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import buttons from "./button.module.css";
import type { DialogProps } from "./Dialog.tsx";
import styles from "./dialog.module.css";
import { Icon } from "./Icon.tsx";
import { t } from "./i18n/i18n.tsx";

/** The dialog itself; loaded when the first one opens. Escape and a press outside close it, focus returns. */
export default function DialogNow({ title, close, shape = "box", children }: DialogProps) {
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && close()} className={styles.veil!}>
      <Modal className={`${styles.modal} ${styles[shape]}`}>
        <Dialog className={styles.dialog!}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title!}>
              {title}
            </Heading>
            <button type="button" className={buttons.icon} onClick={close} aria-label={t("dialog.close")}>
              <Icon name="close" />
            </button>
          </header>
          <div className={styles.body}>{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
