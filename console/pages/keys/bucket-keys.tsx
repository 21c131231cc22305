import { useMutation } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Link } from 'react-aria-components'
import { useBucketKeys, useKeyList, useKeyUses, useRefreshKeys, type Key } from '../../data/keys.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { Time } from '../../parts/values.tsx'
import { CreateButton, PageHead } from '../../parts/page-head.tsx'
import { accountPlace, bucketPlace } from '../../routing/places.ts'
import { useMay, useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import type { BucketPageProps } from '../page-props.ts'
import { CreateKey } from './create/create-key.tsx'
import { KeyActions } from './key-actions.tsx'
import { KeyPage } from './key-page.tsx'
import { idsOf } from './key-places.ts'
import { KeyStatus } from './key-status.tsx'
import { KeyTable } from './key-table.tsx'
import { LastUse } from './last-use.tsx'
import { OwnKey } from './own-key.tsx'
import { RotatePage } from './rotate/rotate-page.tsx'
import { RotationNote } from './rotate/rotation-note.tsx'
import { useNewSecret } from './secret/new-secret.tsx'
import type { MadeKey } from './secret/secret-snippets.ts'
import { UseLine } from './who-uses.tsx'

const words = texts.keys.bucket
const SLOTS = 2

/** The keys that open a bucket: its own two, and application keys; or one of its own, or the rotation of that. */
export function BucketKeys({ bucket, region, rest }: BucketPageProps): ReactNode {
  const may = useMay()
  const [accessKeyId, view] = rest
  if (!may('manage-account')) return <OwnKey bucket={bucket} />
  if (accessKeyId === undefined || accessKeyId === '') return <KeysOfBucket bucket={bucket} region={region} />
  const places = { list: bucketPlace(bucket, 'keys'), key: bucketPlace(bucket, 'keys', accessKeyId) }
  const ref = { kind: 'bucket', bucket, region, accessKeyId } as const
  // It stays where it is when its address gets the id of the new key: the secret is shown just then.
  if (view === 'rotate') return <RotatePage keyRef={ref} places={places} />
  return <KeyPage key={accessKeyId} keyRef={ref} places={places} />
}

function KeysOfBucket({ bucket, region }: Pick<BucketPageProps, 'bucket' | 'region'>): ReactNode {
  const [isCreating, setIsCreating] = useState(false)
  const { show, sheet } = useNewSecret(() => undefined)
  return (
    <>
      <PageHead title={words.title(bucket)}>
        <CreateButton onPress={() => setIsCreating(true)}>{texts.keys.create}</CreateButton>
      </PageHead>
      <div className="stack sections">
        <ApplicationKeys bucket={bucket} />
        <OwnKeys bucket={bucket} region={region} onMade={show} />
      </div>
      <CreateKey
        isOpen={isCreating}
        bucket={bucket}
        onClose={() => setIsCreating(false)}
        onMade={(made) => {
          setIsCreating(false)
          show(made)
        }}
      />
      {sheet}
    </>
  )
}

function ApplicationKeys({ bucket }: Pick<BucketPageProps, 'bucket'>): ReactNode {
  const list = useKeyList({ bucketName: bucket })
  const keys = list.data?.pages.flatMap(({ accessKeys = [] }) => accessKeys)
  return (
    <section className="stack-tight">
      <h2>{words.application}</h2>
      {list.isError && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {!keys && !list.isError && <Skeleton width={60} lines={3} />}
      {keys?.length === 0 && <p className="muted">{words.noneApplication}</p>}
      {keys && keys.length > 0 && (
        <div className="table-inline">
          <KeyTable
            label={words.application}
            keys={keys}
            hasMore={list.hasNextPage}
            onEndReached={() => {
              if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
            }}
          />
        </div>
      )}
      <p className="muted">
        {words.others} <Link href={accountPlace('keys')}>{words.othersLink}</Link>.
      </p>
    </section>
  )
}

interface OwnKeysProps extends Pick<BucketPageProps, 'bucket' | 'region'> {
  readonly onMade: (made: MadeKey) => void
}

function OwnKeys({ bucket, region, onMade }: OwnKeysProps): ReactNode {
  const own = useBucketKeys(bucket, region)
  const [isAdding, setIsAdding] = useState(false)
  return (
    <section className="stack-tight">
      <div className="row-apart">
        <h2>{words.own}</h2>
        {own.data &&
          (own.data.length < SLOTS ? (
            <Button onPress={() => setIsAdding(true)}>
              <Plus aria-hidden />
              {texts.keys.createFull}
            </Button>
          ) : (
            <span className="muted">{words.rotateInstead}</span>
          ))}
      </div>
      <p className="muted">{words.ownText}</p>
      {own.isError && <ErrorNote error={own.error} onRetry={() => void own.refetch()} />}
      {!own.data && !own.isError && <Skeleton width={60} lines={4} />}
      {own.data?.length === 0 && <p className="muted">{words.noneOwn}</p>}
      {own.data?.map((key) => (
        <OwnKeyCard key={key.accessKeyId} bucket={bucket} region={region} found={key} />
      ))}
      {isAdding && (
        <CreateFullKey
          bucket={bucket}
          region={region}
          onClose={() => setIsAdding(false)}
          onMade={(made) => {
            setIsAdding(false)
            onMade(made)
          }}
        />
      )}
    </section>
  )
}

function OwnKeyCard({
  bucket,
  region,
  found,
}: Pick<BucketPageProps, 'bucket' | 'region'> & { readonly found: Key }): ReactNode {
  const { accessKeyId = '', status, createdAt, lastUsed } = found
  const uses = useKeyUses([accessKeyId], region)
  const places = { list: bucketPlace(bucket, 'keys'), key: bucketPlace(bucket, 'keys', accessKeyId) }
  return (
    <article className="card stack-tight" aria-label={accessKeyId}>
      <div className="row-apart">
        <div className="row">
          <Link href={places.key} className="mono">
            {accessKeyId}
          </Link>
          <KeyStatus status={status} />
          <span className="badge">{words.full}</span>
        </div>
        <KeyActions keyRef={{ kind: 'bucket', bucket, region, accessKeyId }} found={found} places={places} />
      </div>
      {idsOf(found).length > 1 && <RotationNote found={found} places={places} />}
      <p>
        <span className="muted">{texts.keys.created}</span> <Time value={createdAt} />
        {' · '}
        <span className="muted">{texts.keys.lastUsed}</span> <LastUse lastUsed={lastUsed} />
      </p>
      {uses.data ? <UseLine uses={uses.data} /> : <Skeleton width={30} />}
    </article>
  )
}

function CreateFullKey({
  bucket,
  region,
  onMade,
  onClose,
}: OwnKeysProps & { readonly onClose: () => void }): ReactNode {
  const operation = useOperation()
  const refresh = useRefreshKeys()
  const create = useMutation({
    // What it gives has the secret, which no cache keeps.
    mutationFn: async () => {
      const { accessKey } = await operation('CreateBucketAccessKey', { bucketName: bucket }, { region })
      onMade({
        name: bucket,
        accessKeyId: accessKey?.accessKeyId ?? '',
        secretAccessKey: accessKey?.secretAccessKey ?? '',
        endpoint: location.origin,
        region,
        bucket,
      })
      await refresh()
    },
  })
  return (
    <Dialog title={texts.keys.createFull} isOpen onClose={onClose}>
      <div className="stack">
        <p>{words.createFullText(bucket)}</p>
        {create.isError && <ErrorNote what={words.createFullFailed} error={create.error} />}
        <div className="form-actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button weight="primary" isDisabled={create.isPending} onPress={() => create.mutate()}>
            {texts.keys.createFull}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
