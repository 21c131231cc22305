import { useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { RouterProvider } from 'react-aria-components'
import { placeOf, type Place } from './places.ts'

const listeners = new Set<() => void>()
const changed = (): void => {
  shown = location.href
  for (const listener of listeners) listener()
}
/** The address that is shown. */
let shown = location.href

/** Why a person may want to stay: asked before another place is shown; true: go. */
let mayLeave: (() => boolean) | null = null

window.addEventListener('popstate', () => {
  // The browser has gone back already: whoever stays is put where they were.
  if (mayLeave?.() === false) history.pushState(null, '', shown)
  else changed()
})

/** Has `question` asked before the page is left, until the function that it gives is called. */
export function guardLeaving(question: () => boolean): () => void {
  mayLeave = question
  const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault()
  window.addEventListener('beforeunload', onUnload)
  return () => {
    if (mayLeave === question) mayLeave = null
    window.removeEventListener('beforeunload', onUnload)
  }
}

/** Goes to an address of the console. */
export function navigate(to: string, { replaces = false } = {}): void {
  if (mayLeave?.() === false) return
  if (replaces) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  changed()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The place that the address names, and its query. */
export function usePlace(): { readonly place: Place; readonly query: URLSearchParams } {
  const pathname = useSyncExternalStore(subscribe, () => location.pathname)
  const search = useSyncExternalStore(subscribe, () => location.search)
  return useMemo(() => ({ place: placeOf(pathname), query: new URLSearchParams(search) }), [pathname, search])
}

/** Lets links and menus change the place without loading the page anew. */
export const Router = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <RouterProvider navigate={(to) => navigate(to)}>{children}</RouterProvider>
)
