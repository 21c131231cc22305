import type { ReactNode } from 'react'
import { Button as AriaButton, Link, type ButtonProps, type LinkProps } from 'react-aria-components'

/** What a button weighs: one `primary` a page, `danger` only where something is lost. */
type Weight = 'primary' | 'plain' | 'danger' | 'quiet' | 'icon'

const classOf = (weight: Weight): string => `button button-${weight}`

interface Own {
  readonly weight?: Weight
  readonly children: ReactNode
}

/** A button. One with an icon alone needs `aria-label`. */
export const Button = ({
  weight = 'plain',
  ...props
}: Omit<ButtonProps, 'className' | 'children'> & Own): ReactNode => (
  <AriaButton {...props} className={classOf(weight)} />
)

/** A link that looks like a button. */
export const LinkButton = ({
  weight = 'plain',
  ...props
}: Omit<LinkProps, 'className' | 'children'> & Own): ReactNode => (
  <Link {...props} className={classOf(weight)} />
)
