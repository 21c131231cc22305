import { MoreHorizontal, type LucideIcon } from 'lucide-react'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem, Popover } from 'react-aria-components'

/** What can be chosen from a menu. */
export interface MenuEntry {
  readonly id: string
  readonly label: string
  readonly icon?: LucideIcon
  readonly isDanger?: boolean
  readonly isDisabled?: boolean
  readonly onAction: () => void
}

/** Keys that open a menu from its button, besides those that press a button; and which entry is the first to have the focus. */
const OPENING_KEYS: Readonly<Record<string, 'first' | 'last'>> = { ArrowDown: 'first', ArrowUp: 'last' }

/** A button that opens a menu: ⋯ unless it is given other contents. Tables have one in each row, so that it is no more than a button until it is pressed. */
export function Menu({
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
}): ReactNode {
  const button = useRef<HTMLButtonElement>(null)
  const [opensAt, setOpensAt] = useState<'first' | 'last' | null>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = OPENING_KEYS[event.key]
    if (at === undefined) return
    // The row's own keys are others.
    event.preventDefault()
    event.stopPropagation()
    setOpensAt(at)
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button button-icon"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={opensAt !== null}
        tabIndex={excludeFromTabOrder ? -1 : undefined}
        onClick={() => setOpensAt('first')}
        onKeyDown={onKeyDown}
      >
        {children ?? <MoreHorizontal aria-hidden />}
      </button>
      {opensAt !== null && (
        <Popover
          className="menu-popover"
          placement="bottom end"
          triggerRef={button}
          isOpen
          onOpenChange={() => setOpensAt(null)}
        >
          <AriaMenu className="menu" aria-label={label} autoFocus={opensAt} onClose={() => setOpensAt(null)}>
            {entries.map(
              ({ id, label: words, icon: Icon, isDanger = false, isDisabled = false, onAction }) => (
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
              ),
            )}
          </AriaMenu>
        </Popover>
      )}
    </>
  )
}
