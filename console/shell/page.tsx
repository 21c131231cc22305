import { useEffect, type ReactNode } from 'react'
import { useSeenBuckets } from '../data/buckets.ts'
import { ACCOUNT_PAGE_LIST, BUCKET_PAGE_LIST } from '../pages/page-list.ts'
import { Empty, ErrorNote, Skeleton } from '../parts/notes.tsx'
import { LinkButton } from '../parts/button.tsx'
import { accountPlace, bucketPlace, type Place } from '../routing/places.ts'
import { navigate } from '../routing/router.tsx'
import { useMay, useSession } from '../session/session-context.tsx'
import { texts } from '../texts/texts.ts'
import { isPageOfServer, offeredAccountPages, offeredBucketPages } from './offered-pages.ts'

/** The page that an address names, or why it is not to be seen. */
export function Page({ place }: { readonly place: Place }): ReactNode {
  const title = titleOf(place)
  useEffect(() => {
    document.title = title
  }, [title])
  switch (place.page) {
    case 'unknown':
      return <UnknownPage />
    case 'bucket':
      return <PageOfBucket {...place} />
    default:
      return <PageOfAccount {...place} />
  }
}

function titleOf(place: Place): string {
  const { navigation, product } = texts
  if (place.page === 'unknown') return product
  if (place.page === 'bucket') return `${place.bucket} · ${navigation.bucketPages[place.tab]} · ${product}`
  return `${navigation[place.page]} · ${product}`
}

const UnknownPage = (): ReactNode => (
  <Empty title={texts.unknownPage.title}>
    <p>{texts.unknownPage.text}</p>
    <div>
      <LinkButton href={accountPlace('buckets')}>{texts.unknownPage.back}</LinkButton>
    </div>
  </Empty>
)

function PageOfAccount({ page, rest }: Exclude<Place, { readonly page: 'bucket' | 'unknown' }>): ReactNode {
  const may = useMay()
  const { session } = useSession()
  const listed = ACCOUNT_PAGE_LIST[page]
  if (page === 'buckets' && session.caller.callerType !== 'account') return <BucketsOfKey />
  if (!offeredAccountPages(may).includes(page))
    return (
      <Empty title={texts.notYours.title}>
        <p>{isPageOfServer(page) ? texts.notYours.server : texts.notYours.account}</p>
      </Empty>
    )
  return <listed.Page rest={rest} />
}

/** A key that opens one bucket lands there. */
function BucketsOfKey(): ReactNode {
  const seen = useSeenBuckets()
  const [first, second] = seen.data ?? []
  const only = second === undefined ? first?.name : undefined
  const may = useMay()
  const [tab = 'overview'] = offeredBucketPages(may)
  useEffect(() => {
    if (only !== undefined) navigate(bucketPlace(only, tab), { replaces: true })
  }, [only, tab])
  const listed = ACCOUNT_PAGE_LIST.buckets
  if (seen.isError) return <ErrorNote error={seen.error} onRetry={() => void seen.refetch()} />
  if (!seen.data || only !== undefined) return <Skeleton width={40} lines={4} />
  return <listed.Page rest={[]} />
}

function PageOfBucket({ bucket, tab, rest }: Extract<Place, { readonly page: 'bucket' }>): ReactNode {
  const may = useMay()
  const seen = useSeenBuckets()
  const offered = offeredBucketPages(may)
  const [first] = offered
  const isRoot = tab === 'objects' && rest.length === 0
  const isElsewhere = isRoot && !offered.includes(tab) && first !== undefined
  useEffect(() => {
    if (isElsewhere) navigate(bucketPlace(bucket, first), { replaces: true })
  }, [isElsewhere, bucket, first])
  const listed = BUCKET_PAGE_LIST[tab]
  if (seen.isError) return <ErrorNote error={seen.error} onRetry={() => void seen.refetch()} />
  if (!seen.data || isElsewhere) return <Skeleton width={40} lines={4} />
  const found = seen.data.find(({ name }) => name === bucket)
  if (!found)
    return (
      <Empty title={texts.noSuchBucket.title(bucket)}>
        <p>{texts.noSuchBucket.text}</p>
        <div>
          <LinkButton href={accountPlace('buckets')}>{texts.unknownPage.back}</LinkButton>
        </div>
      </Empty>
    )
  if (!offered.includes(tab))
    return (
      <Empty title={texts.notYours.title}>
        <p>{texts.notYours.account}</p>
      </Empty>
    )
  return <listed.Page bucket={bucket} region={found.region} rest={rest} key={bucket} />
}
