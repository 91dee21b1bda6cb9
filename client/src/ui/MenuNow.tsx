import { useEffect, useRef, useState } from "react";
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import type { MenuProps, MenuGroup } from "./Menu.tsx";
import styles from "./menu.module.css";

/** The menu itself, loaded and made when it is asked for: it opens at once, and the focus comes back to its button. */
export default function MenuNow({ label, className, groups, choose, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current?.focus();
    setOpen(true);
  }, []);
  return (
    <MenuTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className={className} aria-label={label} ref={button}>
        {children}
      </Button>
      <Popover className={styles.popover!} placement="bottom end">
        <Menu className={styles.menu!} aria-label={label} onAction={(id) => choose(String(id))}>
          {groups.map((group) => (
            <Group key={group.id} group={group} />
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Group({ group }: { group: MenuGroup }) {
  return (
    <MenuSection className={styles.group!} aria-label={group.title ?? group.id}>
      {group.title && <Header className={styles.title!}>{group.title}</Header>}
      {group.items.map(({ id, label, detail, on }) => (
        <MenuItem key={id} id={id} textValue={label} className={styles.item!}>
          <span className={styles.on} aria-hidden="true">
            {on ? "✓" : ""}
          </span>
          <bdi className={styles.label}>{label}</bdi>
          {detail && <span className={styles.detail}>{detail}</span>}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
