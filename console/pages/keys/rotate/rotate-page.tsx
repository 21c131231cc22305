import { useEffect, type ReactNode } from 'react'
import { useBucketKeys, useKey, type KeyRef } from '../../../data/keys.ts'
import { ErrorNote, Skeleton } from '../../../parts/notes.tsx'
import { PageHead } from '../../../parts/page-head.tsx'
import { bucketPlace } from '../../../routing/places.ts'
import { navigate } from '../../../routing/router.tsx'
import { texts } from '../../../texts/texts.ts'
import { BackLink, NoSuchKey } from '../key-page.tsx'
import { nameOf, type KeyPlaces } from '../key-places.ts'
import { useNewSecret } from '../secret/new-secret.tsx'
import { RotationSteps } from './rotation-steps.tsx'

const words = texts.keys.rotate
/** Gateways write down who used a key every few seconds. */
const REFETCH_MS = 5_000

/** A rotation from its beginning to its end; whoever comes back finds it where it is. */
export function RotatePage({
  keyRef,
  places,
}: {
  readonly keyRef: KeyRef
  readonly places: KeyPlaces
}): ReactNode {
  const found = useKey(keyRef, { refetchMs: REFETCH_MS })
  const others = useBucketKeys(
    keyRef.kind === 'bucket' ? keyRef.bucket : '',
    keyRef.kind === 'bucket' ? keyRef.region : '',
    keyRef.kind === 'bucket',
  )
  const key = found.data
  const { show, sheet } = useNewSecret(() => undefined)
  const other = others.data?.find(({ accessKeyId }) => accessKeyId !== key?.accessKeyId)
  // Whoever comes by the id of the old key goes on at its successor.
  const isOld = key?.retiringKey !== undefined && key.retiringKey.accessKeyId === key.accessKeyId
  const successor = isOld && keyRef.kind === 'bucket' ? other?.accessKeyId : undefined
  useEffect(() => {
    if (successor !== undefined && keyRef.kind === 'bucket')
      navigate(bucketPlace(keyRef.bucket, 'keys', successor, 'rotate'), { replaces: true })
  }, [successor, keyRef])
  const isWaiting = isOld || (keyRef.kind === 'bucket' && others.isPending)
  return (
    <>
      <BackLink to={places.key} text={words.done} />
      <PageHead title={words.title(nameOf(keyRef))} />
      {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {key === null && !sheet && <NoSuchKey list={places.list} />}
      {key && !isWaiting ? (
        <RotationSteps
          keyRef={keyRef}
          places={places}
          found={key}
          isFull={other !== undefined && key.retiringKey === undefined}
          onMade={(made) => {
            show(made)
            // The address of a bucket's key has its id, and the new one has another.
            if (keyRef.kind === 'bucket')
              navigate(bucketPlace(keyRef.bucket, 'keys', made.accessKeyId, 'rotate'), { replaces: true })
          }}
        />
      ) : (
        key !== null && !found.isError && <Skeleton width={50} lines={6} />
      )}
      {sheet}
    </>
  )
}
