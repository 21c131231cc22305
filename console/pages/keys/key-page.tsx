import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-aria-components'
import { regionOf, useKey, useKeyUses, type Key, type KeyRef } from '../../data/keys.ts'
import { LinkButton } from '../../parts/button.tsx'
import { CopyField, Snippet } from '../../parts/copying.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { Time } from '../../parts/values.tsx'
import { bucketPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import { texts } from '../../texts/texts.ts'
import { KeyActions } from './key-actions.tsx'
import { idsOf, nameOf, type KeyPlaces } from './key-places.ts'
import { KeyStatus } from './key-status.tsx'
import { LastUse } from './last-use.tsx'
import { RotationNote } from './rotate/rotation-note.tsx'
import { KeySentence } from './sentence.tsx'
import { UseLine, UserTable } from './who-uses.tsx'

const words = texts.keys

/** A key: what it may do, whether it counts, who uses it, and what can be done with it. */
export function KeyPage({
  keyRef,
  places,
}: {
  readonly keyRef: KeyRef
  readonly places: KeyPlaces
}): ReactNode {
  const found = useKey(keyRef)
  const key = found.data
  const uses = useKeyUses(key ? idsOf(key) : [], regionOf(keyRef))
  if (found.isError) return <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
  if (key === null) return <NoSuchKey list={places.list} />
  return (
    <>
      <BackLink to={places.list} text={words.missing.back} />
      <header className="page-head">
        <div className="row">
          <h1>{nameOf(keyRef)}</h1>
          {key && <KeyStatus status={key.status} />}
        </div>
        {key && (
          <KeyActions
            keyRef={keyRef}
            found={key}
            places={places}
            onDeleted={() => navigate(places.list, { replaces: true })}
          />
        )}
      </header>
      <div className="stack">
        {key ? <Facts found={key} keyRef={keyRef} places={places} /> : <Skeleton width={50} lines={5} />}
        <section className="stack-tight">
          <h2>{words.uses.title}</h2>
          {uses.isError && <ErrorNote error={uses.error} onRetry={() => void uses.refetch()} />}
          {uses.data ? (
            <>
              <UseLine uses={uses.data} />
              <UserTable uses={uses.data} />
            </>
          ) : (
            !uses.isError && <Skeleton width={50} lines={3} />
          )}
        </section>
      </div>
    </>
  )
}

/** What a key of a bucket's own may do. */
export const factsOf = (key: Key, keyRef: KeyRef): Key =>
  keyRef.kind === 'bucket' ? { ...key, rights: ['full'], buckets: [keyRef.bucket] } : key

const Facts = ({
  found,
  keyRef,
  places,
}: {
  readonly found: Key
  readonly keyRef: KeyRef
  readonly places: KeyPlaces
}): ReactNode => (
  <>
    <RotationNote found={found} places={places} />
    <KeySentence facts={{ ...factsOf(found, keyRef), name: nameOf(keyRef) }} />
    <dl className="facts card">
      <dt>{words.id}</dt>
      <dd>
        <CopyField text={found.accessKeyId ?? ''} label={words.id} />
      </dd>
      <dt>{words.lastUsed}</dt>
      <dd>
        <LastUse lastUsed={found.lastUsed} />
      </dd>
      <dt>{words.created}</dt>
      <dd>
        <Time value={found.createdAt} />
      </dd>
      {found.expiresAt !== undefined && (
        <>
          <dt>{words.ends}</dt>
          <dd>
            <Time value={found.expiresAt} />
          </dd>
        </>
      )}
      {found.description !== undefined && (
        <>
          <dt>{words.description}</dt>
          <dd>{found.description}</dd>
        </>
      )}
      {keyRef.kind === 'application' && found.buckets !== undefined && (
        <>
          <dt>{words.buckets}</dt>
          <dd>
            <ul>
              {found.buckets.map((bucket) => (
                <li key={bucket}>
                  <Link href={bucketPlace(bucket, 'keys')}>{bucket}</Link>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {(found.prefixes?.length ?? 0) > 0 && (
        <>
          <dt>{words.form.prefixes}</dt>
          <dd>
            <Codes texts={found.prefixes ?? []} />
          </dd>
        </>
      )}
      {(found.sourceNetworks?.length ?? 0) > 0 && (
        <>
          <dt>{words.form.networks}</dt>
          <dd>
            <Codes texts={found.sourceNetworks ?? []} />
          </dd>
        </>
      )}
    </dl>
    {found.policy !== undefined && <Snippet text={found.policy} label={words.policy} />}
  </>
)

const Codes = ({ texts: each }: { readonly texts: readonly string[] }): ReactNode => (
  <ul>
    {each.map((text) => (
      <li key={text}>
        <code>{text}</code>
      </li>
    ))}
  </ul>
)

/** The way to the list that a key is in. */
export const BackLink = ({ to, text }: { readonly to: string; readonly text: string }): ReactNode => (
  <div className="back-link">
    <Link href={to}>
      <ArrowLeft className="icon" aria-hidden />
      {text}
    </Link>
  </div>
)

/** What stands where a key is gone. */
export const NoSuchKey = ({ list }: { readonly list: string }): ReactNode => (
  <Empty title={words.missing.title}>
    <p>{words.missing.text}</p>
    <div>
      <LinkButton href={list}>{words.missing.back}</LinkButton>
    </div>
  </Empty>
)
