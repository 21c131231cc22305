import { Check, Minus } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { navigate } from '../routing/router.tsx'

// What rows of tables are made of. Hundreds of them come and go while a table scrolls, so they are the browser's own elements.

/** Selects a row, or all of them. */
export const RowCheckbox = ({
  label,
  isSelected,
  isIndeterminate = false,
  excludeFromTabOrder = false,
  onChange,
}: {
  readonly label: string
  readonly isSelected: boolean
  readonly isIndeterminate?: boolean
  readonly excludeFromTabOrder?: boolean
  readonly onChange: (isSelected: boolean) => void
}): ReactNode => (
  <label
    className="checkbox"
    data-selected={isSelected || undefined}
    data-indeterminate={isIndeterminate || undefined}
  >
    <input
      type="checkbox"
      className="unseen"
      tabIndex={excludeFromTabOrder ? -1 : undefined}
      aria-label={label}
      checked={isSelected}
      ref={(input) => {
        if (input) input.indeterminate = isIndeterminate
      }}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
    <span className="checkbox-box">{isIndeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}</span>
  </label>
)

/** A button in a row, left out where the row's own keys do the same. */
export const RowButton = ({
  label,
  weight,
  onPress,
  children,
}: {
  readonly label: string
  readonly weight: 'quiet' | 'icon'
  readonly onPress: () => void
  readonly children: ReactNode
}): ReactNode => (
  <button
    type="button"
    className={`button button-${weight}`}
    aria-label={label}
    tabIndex={-1}
    onClick={onPress}
  >
    {children}
  </button>
)

/** A link to a place of the console; what asks for a new tab or window is left to the browser. */
export function RowLink({
  to,
  isCurrent = false,
  excludeFromTabOrder = false,
  onFollow,
  children,
}: {
  readonly to: string
  readonly isCurrent?: boolean
  readonly excludeFromTabOrder?: boolean
  /** Called before the place changes, with the link. */
  readonly onFollow?: (link: HTMLAnchorElement) => void
  readonly children: ReactNode
}): ReactNode {
  const onClick = (event: MouseEvent<HTMLAnchorElement>): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onFollow?.(event.currentTarget)
    navigate(to)
  }
  return (
    <a
      href={to}
      tabIndex={excludeFromTabOrder ? -1 : undefined}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  )
}
