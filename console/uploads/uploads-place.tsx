import { lazy, Suspense, useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { currentUploads, onCurrentUploads, setCurrentUploads } from './current-uploads.ts'

const Panel = lazy(async () => ({ default: (await import('./uploads-panel.tsx')).UploadsPanel }))

/** Where uploads are shown, on every page; loaded with the first of them, and ended with the session. */
export function UploadsPlace(): ReactNode {
  const queue = useSyncExternalStore(onCurrentUploads, currentUploads)
  useEffect(() => () => setCurrentUploads(null), [])
  return (
    queue && (
      <Suspense fallback={null}>
        <Panel queue={queue} />
      </Suspense>
    )
  )
}
