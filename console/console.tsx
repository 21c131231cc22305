import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { fetchPageOf } from './pages/page-list.ts'
import { SignIn } from './pages/sign-in.tsx'
import { ErrorNote, Skeleton } from './parts/notes.tsx'
import { placeOf } from './routing/places.ts'
import { Router } from './routing/router.tsx'
import { SessionProvider } from './session/session-context.tsx'
import { Session } from './session/session.ts'
import { PageFailure } from './shell/page-failure.tsx'
import { Shell } from './shell/shell.tsx'
import { locale, texts } from './texts/texts.ts'

const GoOn = lazy(async () => ({ default: (await import('./session/go-on.tsx')).GoOn }))

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
  const [isAsking, setIsAsking] = useState(false)
  const enter = useCallback(
    (session: Session | null) =>
      setState(session ? { is: 'in', session, queries: newQueries() } : { is: 'out' }),
    [],
  )
  const restore = useCallback(() => {
    Session.restore().then(enter, (error: unknown) => setState({ is: 'failed', error }))
  }, [enter])
  useEffect(restore, [restore])
  // Comes while the person signs in.
  useEffect(() => fetchPageOf(placeOf(location.pathname)), [])
  const signedIn = useMemo(
    () =>
      state.is === 'in' && {
        session: state.session,
        signOut: () => {
          state.session.end()
          state.queries.clear()
          setIsAsking(false)
          setState({ is: 'out' })
        },
        askAgain: () => setIsAsking(true),
      },
    [state],
  )
  if (state.is === 'in' && signedIn)
    return (
      <I18nProvider locale={locale}>
        <Router>
          <SessionProvider value={signedIn}>
            <QueryClientProvider client={state.queries}>
              <PageFailure>
                <Shell />
                {isAsking && (
                  <Suspense fallback={null}>
                    <GoOn onClose={() => setIsAsking(false)} />
                  </Suspense>
                )}
              </PageFailure>
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
