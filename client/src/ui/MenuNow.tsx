import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import type { MenuProps, MenuGroup } from "./Menu.tsx";
import styles from "./menu.module.css";

/** The menu itself; loaded when the first screen stands. */
export default function MenuNow({ label, className, groups, choose, children }: MenuProps) {
  return (
    <MenuTrigger>
      <Button className={className} aria-label={label}>
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
