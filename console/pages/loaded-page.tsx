import { useEffect, useState, type ComponentType, type ReactNode } from 'react'
import { Skeleton } from '../parts/notes.tsx'

/** A page whose program is fetched when it is first shown, or before. */
export interface LoadedPage<P> {
  readonly Page: ComponentType<P>
  /** Fetches the program, unless it is there; what fails is told when the page is shown. */
  readonly fetch: () => Promise<unknown>
}

/**
 * A page out of a program of its own. React's `lazy` waits at least 300 ms behind its fallback, and shows the fallback even where the program is
 * there already; this shows the page as soon as it is.
 */
export function loadedPage<P extends object>(load: () => Promise<ComponentType<P>>): LoadedPage<P> {
  let loaded: ComponentType<P> | null = null
  let loading: Promise<unknown> | null = null
  const fetch = (): Promise<unknown> => {
    loading ??= load().then(
      (component) => (loaded = component),
      (error: unknown) => {
        // The next who asks tries again.
        loading = null
        throw error
      },
    )
    return loading
  }
  function Page(props: P): ReactNode {
    const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null)
    const [, showAnew] = useState(false)
    useEffect(() => {
      if (loaded !== null) return
      let isShown = true
      fetch().then(
        () => isShown && showAnew(true),
        (error: unknown) => isShown && setFailure({ error }),
      )
      return () => {
        isShown = false
      }
    }, [])
    if (failure) throw failure.error
    if (loaded === null) return <Skeleton width={40} lines={4} />
    const Loaded = loaded
    return <Loaded {...props} />
  }
  return { Page, fetch }
}
