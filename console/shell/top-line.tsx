import { LogOut, Monitor, Moon, Search, Sun, UserRound } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Link, Popover } from 'react-aria-components'
import { Button } from '../parts/button.tsx'
import { CopyField } from '../parts/copying.tsx'
import { useSession } from '../session/session-context.tsx'
import { applyTheme, readTheme, type Theme } from '../session/theme.ts'
import { texts } from '../texts/texts.ts'

const words = texts.top
const THEMES: Readonly<Record<Theme, { readonly next: Theme; readonly icon: typeof Sun }>> = {
  system: { next: 'light', icon: Monitor },
  light: { next: 'dark', icon: Sun },
  dark: { next: 'system', icon: Moon },
}
const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'

/** The line at the top: where home is, the search, the theme, who one is. */
export function TopLine({
  onSearch,
  home,
}: {
  readonly onSearch: () => void
  readonly home: string
}): ReactNode {
  const [theme, setTheme] = useState(readTheme)
  const { next, icon: ThemeIcon } = THEMES[theme]
  return (
    <header className="topline">
      <Link href={home} className="brand">
        <img src="/-/console/icon.svg" alt="" />
        {texts.product}
      </Link>
      <AriaButton className="topline-search" onPress={onSearch} aria-label={`${words.search} ${SHORTCUT}`}>
        <Search className="icon" aria-hidden />
        <span>{words.search}</span>
        <kbd>{SHORTCUT}</kbd>
      </AriaButton>
      <Button
        weight="icon"
        aria-label={words.theme[theme]}
        onPress={() => {
          applyTheme(next)
          setTheme(next)
        }}
      >
        <ThemeIcon aria-hidden />
      </Button>
      <WhoAmI />
    </header>
  )
}

function WhoAmI(): ReactNode {
  const { session, signOut } = useSession()
  const { caller, accessKeyId } = session
  const name = caller.name ?? accessKeyId
  return (
    <DialogTrigger>
      <Button weight="quiet" aria-label={`${words.signedInAs} ${name}`}>
        <UserRound aria-hidden />
        <span className="only-wide">{shortened(name)}</span>
      </Button>
      <Popover className="floating" placement="bottom end">
        <Dialog className="card stack" aria-label={words.signedInAs}>
          <dl className="facts">
            <dt>{words.signedInAs}</dt>
            <dd>
              {caller.name === undefined ? '' : `${caller.name}, `}
              {words.kinds[caller.callerType]}
            </dd>
            <dt>{words.key}</dt>
            <dd>
              <CopyField text={accessKeyId} label={words.key} />
            </dd>
            <dt>{words.account}</dt>
            <dd>
              <CopyField text={caller.accountId} label={words.account} />
            </dd>
          </dl>
          <Button onPress={signOut}>
            <LogOut aria-hidden />
            {words.signOut}
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

const SHOWN_MAX = 20
const shortened = (name: string): string =>
  name.length <= SHOWN_MAX ? name : `${name.slice(0, 6)}…${name.slice(-6)}`
