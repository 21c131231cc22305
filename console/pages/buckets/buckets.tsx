import { useMemo, useState, type ReactNode } from 'react'
import { useBuckets, useSeenBuckets, type Bucket } from '../../data/buckets.ts'
import { useBundles, type Bundle } from '../../data/bundles.ts'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { RowLink } from '../../parts/row-controls.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/values.tsx'
import { CreateButton, PageHead } from '../../parts/page-head.tsx'
import { bucketPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import { useMay } from '../../session/session-context.tsx'
import { offeredBucketPages } from '../../shell/offered-pages.ts'
import { texts } from '../../texts/texts.ts'
import { CreateBucket } from './create-bucket.tsx'
import { DeleteBucket } from './delete-bucket.tsx'
import { NoBuckets } from './no-buckets.tsx'
import { UsageCell } from './usage-cell.tsx'

const words = texts.buckets
const ALL = 'all'

/** Fewer are seen at once. */
const FILTER_FROM = 8

/** All buckets of the account, or those that a key opens. */
export function Buckets(): ReactNode {
  const may = useMay()
  const isAccount = may('manage-account')
  const [isCreating, setIsCreating] = useState(false)
  const [deleting, setDeleting] = useState<Bucket | null>(null)
  const all = useBuckets(isAccount)
  const seen = useSeenBuckets()
  const bundles = useBundles(isAccount)
  const found = isAccount ? all : seen
  // Names come at once, and what else is known of buckets page by page.
  const rows: readonly Bucket[] | undefined = found.data ?? (found.isError ? undefined : seen.data)
  return (
    <>
      <PageHead title={words.title}>
        {isAccount ? (
          <CreateButton onPress={() => setIsCreating(true)}>{words.create}</CreateButton>
        ) : (
          <span className="muted">{words.onlyAccount}</span>
        )}
      </PageHead>
      {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {!rows && !found.isError && <Skeleton width={60} lines={6} />}
      {rows?.length === 0 && (isAccount ? <NoBuckets /> : <NoBucketsOfKey />)}
      {rows && rows.length > 0 && (
        <BucketTable
          buckets={rows}
          bundles={bundles.data}
          isAccount={isAccount}
          isDetailed={found.data !== undefined}
          onDelete={setDeleting}
        />
      )}
      <CreateBucket isOpen={isCreating} onClose={() => setIsCreating(false)} />
      {deleting && (
        <DeleteBucket bucket={deleting.name} region={deleting.region} onClose={() => setDeleting(null)} />
      )}
    </>
  )
}

const NoBucketsOfKey = (): ReactNode => (
  <Empty title={words.emptyForKey.title}>
    <p>{words.emptyForKey.text}</p>
  </Empty>
)

function BucketTable({
  buckets,
  bundles,
  isAccount,
  isDetailed,
  onDelete,
}: {
  readonly buckets: readonly Bucket[]
  readonly bundles: readonly Bundle[] | undefined
  readonly isAccount: boolean
  /** Whether more is known of the buckets than name, region and age. */
  readonly isDetailed: boolean
  readonly onDelete: (bucket: Bucket) => void
}): ReactNode {
  const [text, setText] = useState('')
  const [region, setRegion] = useState(ALL)
  const may = useMay()
  const [tab = 'overview'] = offeredBucketPages(may)
  const regions = useMemo(() => [...new Set(buckets.map((bucket) => bucket.region))].sort(), [buckets])
  const shown = buckets.filter(
    (bucket) => bucket.name.includes(text.toLowerCase()) && (region === ALL || bucket.region === region),
  )
  const columns = useMemo(
    (): readonly Column<Bucket>[] => [
      {
        id: 'name',
        header: words.name,
        width: 'minmax(110px, 2fr)',
        cell: ({ name }) => (
          <RowLink to={bucketPlace(name, tab)} excludeFromTabOrder>
            {name}
          </RowLink>
        ),
      },
      ...(isAccount
        ? ([
            {
              id: 'usage',
              header: words.usage,
              width: 'minmax(min(230px, 118px + 6vw), 1fr)',
              cell: (bucket) =>
                isDetailed ? (
                  <UsageCell
                    bucket={bucket}
                    bundle={bundles?.find(({ bundleId }) => bundleId === bucket.bundleId)}
                  />
                ) : (
                  <Skeleton width={14} />
                ),
            },
            {
              id: 'access',
              header: words.access,
              width: '110px',
              isWideOnly: true,
              cell: ({ accessRules }) =>
                !isDetailed ? (
                  <Skeleton width={8} />
                ) : accessRules?.getObject === 'public' ? (
                  <span className="badge badge-warning">{words.public}</span>
                ) : (
                  <span className="badge">{words.private}</span>
                ),
            },
          ] satisfies Column<Bucket>[])
        : []),
      {
        id: 'region',
        header: words.region,
        width: '130px',
        isWideOnly: true,
        cell: (bucket) => <span>{bucket.region}</span>,
      },
      {
        id: 'created',
        header: words.created,
        width: '130px',
        isWideOnly: true,
        cell: ({ createdAt }) => <Time value={createdAt} />,
      },
      ...(isAccount
        ? ([
            {
              id: 'actions',
              header: texts.more,
              width: '52px',
              kind: 'actions',
              cell: (bucket) => (
                <Menu
                  label={words.actions(bucket.name)}
                  entries={[
                    {
                      id: 'delete',
                      label: texts.deleteBucket.menu,
                      isDanger: true,
                      onAction: () => onDelete(bucket),
                    },
                  ]}
                />
              ),
            },
          ] satisfies Column<Bucket>[])
        : []),
    ],
    [bundles, isAccount, isDetailed, onDelete, tab],
  )
  return (
    <div className="stack">
      {(buckets.length >= FILTER_FROM || regions.length > 1) && (
        <div className="row filters">
          <TextField aria-label={words.filter} label={words.filter} value={text} onChange={setText} />
          {regions.length > 1 && (
            <SelectField
              label={words.region}
              value={region}
              onChange={setRegion}
              options={[
                { value: ALL, label: texts.top.allRegions },
                ...regions.map((each) => ({ value: each, label: each })),
              ]}
            />
          )}
        </div>
      )}
      {shown.length === 0 ? (
        <p className="muted">{words.noMatch}</p>
      ) : (
        <Table
          label={words.title}
          columns={columns}
          rows={shown}
          rowKey={({ name }) => name}
          rowLabel={({ name }) => name}
          onOpen={({ name }) => navigate(bucketPlace(name, tab))}
        />
      )}
    </div>
  )
}
