import { useDeferredValue, useEffect, useState, type ReactNode } from 'react'
import { useKeyList, type Key } from '../../data/keys.ts'
import { Snippet } from '../../parts/copying.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { CreateButton, PageHead } from '../../parts/page-head.tsx'
import { accountPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import { texts } from '../../texts/texts.ts'
import type { AccountPageProps } from '../page-props.ts'
import { CreateKey } from './create/create-key.tsx'
import { KeyPage } from './key-page.tsx'
import { KeyTable } from './key-table.tsx'
import { RotatePage } from './rotate/rotate-page.tsx'
import { useNewSecret } from './secret/new-secret.tsx'

const words = texts.keys
const ANY = 'any'
type StatusChoice = typeof ANY | NonNullable<Key['status']>
const STATUSES: readonly { readonly value: StatusChoice; readonly label: string }[] = [
  { value: ANY, label: words.anyStatus },
  { value: 'Active', label: words.statuses.Active },
  { value: 'Inactive', label: words.statuses.Inactive },
  { value: 'Expired', label: words.statuses.Expired },
]

const COMMANDS = `lugsail key create reports --buckets photos --rights read list --expires-in 365d
lugsail key list`

/** The account's application keys, one of them, or its rotation. */
export function AccountKeys({ rest }: AccountPageProps): ReactNode {
  const [name, view] = rest
  if (name === undefined || name === '') return <KeyList />
  const places = { list: accountPlace('keys'), key: accountPlace('keys', name) }
  const ref = { kind: 'application', name } as const
  if (view === 'rotate') return <RotatePage key={name} keyRef={ref} places={places} />
  return <KeyPage key={name} keyRef={ref} places={places} />
}

function KeyList(): ReactNode {
  const [text, setText] = useState('')
  const [status, setStatus] = useState<StatusChoice>(ANY)
  const [isCreating, setIsCreating] = useState(false)
  const [madeName, setMadeName] = useState('')
  const namePrefix = useDeferredValue(text.trim())
  const list = useKeyList({
    ...(namePrefix !== '' && { namePrefix }),
    ...(status !== ANY && { status }),
  })
  const { show, sheet } = useNewSecret(() => navigate(accountPlace('keys', madeName)))
  const keys = list.data?.pages.flatMap(({ accessKeys = [] }) => accessKeys)
  // Where few keys have the status, a page may have none of them.
  const isPastEmpty = keys?.length === 0 && list.hasNextPage && !list.isFetchingNextPage
  const { fetchNextPage } = list
  useEffect(() => {
    if (isPastEmpty) void fetchNextPage()
  }, [isPastEmpty, fetchNextPage])
  const isFiltered = namePrefix !== '' || status !== ANY
  const isNone = keys?.length === 0 && !list.hasNextPage
  return (
    <>
      <PageHead title={words.title}>
        <CreateButton onPress={() => setIsCreating(true)}>{words.create}</CreateButton>
      </PageHead>
      <div className="stack">
        {isNone && !isFiltered ? (
          <Empty title={words.empty.title}>
            <p>{words.empty.text}</p>
            <Snippet text={COMMANDS} label={words.empty.title} />
          </Empty>
        ) : (
          <div className="row filters">
            <TextField label={words.search} value={text} onChange={setText} type="search" />
            <SelectField label={words.status} value={status} onChange={setStatus} options={STATUSES} />
          </div>
        )}
        {list.isError && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
        {!keys && !list.isError && <Skeleton width={60} lines={6} />}
        {isNone && isFiltered && (
          <p className="muted">{namePrefix === '' ? words.noneOfStatus : words.noMatch}</p>
        )}
        {keys && !isNone && (
          <KeyTable
            label={words.title}
            keys={keys}
            hasMore={list.hasNextPage}
            onEndReached={() => {
              if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
            }}
          />
        )}
      </div>
      <CreateKey
        isOpen={isCreating}
        bucket={null}
        onClose={() => setIsCreating(false)}
        onMade={(made) => {
          setIsCreating(false)
          setMadeName(made.name)
          show(made)
        }}
      />
      {sheet}
    </>
  )
}
