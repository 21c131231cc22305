import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { SignIn } from './pages/sign-in.tsx'
import { ErrorNote, Skeleton } from './parts/notes.tsx'
import { Router } from './routing/router.tsx'
import { SessionProvider } from './session/session-context.tsx'
import { Session } from './session/session.ts'
import { Shell } from './shell/shell.tsx'
import { locale, texts } from './texts/texts.ts'

/** What was fetched is shown again at once, and fetched anew when it is older. */
const STALE_MS = 10_000

/** Requests are sent again by `send` where that helps, so not once more here. */
const newQueries = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: STALE_MS } } })

type State =
  | { readonly is: 'restoring' }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'out' }
  | { readonly is: 'in'; readonly session: Session; readonly queries: QueryClient }

/** The console: a sign-in, and behind it the pages. */
export function Console(): ReactNode {
  const [state, setState] = useState<State>({ is: 'restoring' })
  const enter = useCallback(
    (session: Session | null) =>
      setState(session ? { is: 'in', session, queries: newQueries() } : { is: 'out' }),
    [],
  )
  const restore = useCallback(() => {
    Session.restore().then(enter, (error: unknown) => setState({ is: 'failed', error }))
  }, [enter])
  useEffect(restore, [restore])
  const signedIn = useMemo(
    () =>
      state.is === 'in' && {
        session: state.session,
        signOut: () => {
          state.session.end()
          state.queries.clear()
          setState({ is: 'out' })
        },
      },
    [state],
  )
  if (state.is === 'in' && signedIn)
    return (
      <I18nProvider locale={locale}>
        <Router>
          <SessionProvider value={signedIn}>
            <QueryClientProvider client={state.queries}>
              <Shell />
            </QueryClientProvider>
          </SessionProvider>
        </Router>
      </I18nProvider>
    )
  return (
    <I18nProvider locale={locale}>
      <main className="sign-in">
        {state.is === 'out' && <SignIn onSignedIn={enter} />}
        {state.is === 'failed' && (
          <div className="sign-in-card">
            <ErrorNote error={state.error} what={texts.signIn.restoring} onRetry={restore} />
          </div>
        )}
        {state.is === 'restoring' && <Skeleton width={30} lines={3} />}
      </main>
    </I18nProvider>
  )
}
