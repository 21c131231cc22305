import { MoreHorizontal, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Button } from './button.tsx'

/** What can be chosen from a menu. */
export interface MenuEntry {
  readonly id: string
  readonly label: string
  readonly icon?: LucideIcon
  readonly isDanger?: boolean
  readonly isDisabled?: boolean
  readonly onAction: () => void
}

/** A button that opens a menu: ⋯ unless it is given other contents. */
export const Menu = ({
  label,
  entries,
  children,
  excludeFromTabOrder = false,
}: {
  readonly label: string
  readonly entries: readonly MenuEntry[]
  readonly children?: ReactNode
  /** Where its row opens it by the keyboard. */
  readonly excludeFromTabOrder?: boolean
}): ReactNode => (
  <MenuTrigger>
    <Button weight="icon" aria-label={label} excludeFromTabOrder={excludeFromTabOrder}>
      {children ?? <MoreHorizontal aria-hidden />}
    </Button>
    <Popover className="menu-popover" placement="bottom end">
      <AriaMenu className="menu" aria-label={label}>
        {entries.map(({ id, label: words, icon: Icon, isDanger = false, isDisabled = false, onAction }) => (
          <MenuItem
            key={id}
            id={id}
            textValue={words}
            isDisabled={isDisabled}
            onAction={onAction}
            className={isDanger ? 'menu-item menu-item-danger' : 'menu-item'}
          >
            {Icon && <Icon className="icon" aria-hidden />}
            {words}
          </MenuItem>
        ))}
      </AriaMenu>
    </Popover>
  </MenuTrigger>
)
