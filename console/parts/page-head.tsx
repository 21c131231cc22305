import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

/** The head of a page: its title, and beside it what is done with the page as a whole. */
export const PageHead = ({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ReactNode
}): ReactNode => (
  <header className="page-head">
    <h1>{title}</h1>
    {children}
  </header>
)

/** Begins to make one of what the page lists. */
export const CreateButton = ({
  onPress,
  children,
}: {
  readonly onPress: () => void
  readonly children: ReactNode
}): ReactNode => (
  <Button weight="primary" onPress={onPress}>
    <Plus aria-hidden />
    {children}
  </Button>
)
