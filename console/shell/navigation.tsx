import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { Link } from 'react-aria-components'
import { ACCOUNT_PAGE_LIST, BUCKET_PAGE_LIST } from '../pages/page-list.ts'
import { accountPlace, bucketPlace } from '../routing/places.ts'
import { usePlace } from '../routing/router.tsx'
import { useMay } from '../session/session-context.tsx'
import { texts } from '../texts/texts.ts'
import { offeredAccountPages, offeredBucketPages } from './offered-pages.ts'

const words = texts.navigation

/** The pages of the bucket that is shown, and those of the account. */
export function Navigation(): ReactNode {
  const { place } = usePlace()
  const may = useMay()
  const current = useRef<HTMLElement>(null)
  // On phones the line of pages scrolls.
  useEffect(() => {
    current.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })
  return (
    <nav className="navigation" aria-label={words.label} ref={current}>
      {place.page === 'bucket' && (
        <div>
          <h2>{place.bucket}</h2>
          <ul>
            {/* On phones the account's pages are at the far end of the line. */}
            <li className="only-narrow">
              <Link href={accountPlace('buckets')} aria-label={words.allBuckets}>
                <ArrowLeft className="icon" aria-hidden />
              </Link>
            </li>
            {offeredBucketPages(may).map((page) => (
              <Item
                key={page}
                to={bucketPlace(place.bucket, page)}
                icon={BUCKET_PAGE_LIST[page].icon}
                text={words.bucketPages[page]}
                isCurrent={place.tab === page}
              />
            ))}
          </ul>
        </div>
      )}
      <div>
        <h2>{words.account}</h2>
        <ul>
          {offeredAccountPages(may).map((page) => (
            <Item
              key={page}
              to={accountPlace(page)}
              icon={ACCOUNT_PAGE_LIST[page].icon}
              text={words[page]}
              isCurrent={place.page === page}
            />
          ))}
        </ul>
      </div>
    </nav>
  )
}

function Item({
  to,
  icon: Icon,
  text,
  isCurrent,
}: {
  readonly to: string
  readonly icon: (typeof ACCOUNT_PAGE_LIST.buckets)['icon']
  readonly text: string
  readonly isCurrent: boolean
}): ReactNode {
  return (
    <li>
      <Link href={to} aria-current={isCurrent ? 'page' : undefined}>
        <Icon className="icon" aria-hidden />
        {text}
      </Link>
    </li>
  )
}
