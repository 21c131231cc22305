import { useEffect, useRef, useState, type ReactNode } from 'react'
import { fetchAllPages } from '../pages/page-list.ts'
import { giveFocus, keepFocus } from '../parts/lost-focus.ts'
import { accountPlace } from '../routing/places.ts'
import { usePlace } from '../routing/router.tsx'
import { Toasts } from '../parts/toasts.tsx'
import { texts } from '../texts/texts.ts'
import { UploadsPlace } from '../uploads/uploads-place.tsx'
import { Navigation } from './navigation.tsx'
import { Page } from './page.tsx'
import { PageFailure } from './page-failure.tsx'
import { Palette } from './palette.tsx'
import { TopLine } from './top-line.tsx'

const FETCH_PAGES_AFTER_MS = 1_500

/** What stands around every page: the top line, the navigation, the palette and the toasts. */
export function Shell(): ReactNode {
  const { place } = usePlace()
  const [isPaletteOpen, setIsPaletteOpen] = useState(false)
  const main = useRef<HTMLElement>(null)
  const where = JSON.stringify(place.page === 'bucket' ? [place.bucket, place.tab] : place.page)
  // A new page is where the keyboard goes on, and where a screen reader reads on.
  useEffect(() => {
    giveFocus(main.current)
    window.scrollTo(0, 0)
  }, [where])
  const isFolder = place.page === 'bucket' && place.tab === 'objects'
  useEffect(() => {
    // A link that led deeper is gone with what it stood in. Of folders the list takes the focus.
    if (!isFolder) keepFocus(main.current)
  }, [place, isFolder])
  useEffect(() => {
    // What is shown comes first.
    const timer = setTimeout(() => void fetchAllPages(), FETCH_PAGES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey) return
      event.preventDefault()
      setIsPaletteOpen((isOpen) => !isOpen)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        {texts.skipToContent}
      </a>
      <TopLine onSearch={() => setIsPaletteOpen(true)} home={accountPlace('buckets')} />
      <Navigation />
      <main id="content" className="content" tabIndex={-1} ref={main}>
        <PageFailure key={where}>
          <Page place={place} />
        </PageFailure>
      </main>
      {isPaletteOpen && <Palette onClose={() => setIsPaletteOpen(false)} />}
      <UploadsPlace />
      <Toasts />
    </div>
  )
}
