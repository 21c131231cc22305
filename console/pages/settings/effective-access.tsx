import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState, type ReactNode } from 'react'
import { toApiError } from '../../api/api-error.ts'
import { callOperation } from '../../api/json-api.ts'
import { useBucketKeys, useKeyChoices } from '../../data/keys.ts'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { MarkedText } from '../../parts/marked-text.tsx'
import { explain, Skeleton } from '../../parts/notes.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { isAddress } from './is-address.ts'

const words = texts.settings.policy.effective
const ANYONE = 'anyone'

/** What a chosen key may do in the bucket, and by which rule, in one sentence that the server's own rules make. */
export function EffectiveAccess({
  bucket,
  region,
  draft,
}: {
  readonly bucket: string
  readonly region: string
  /** A policy that is typed and not saved; null: it is the bucket's own that counts. */
  readonly draft: string | null
}): ReactNode {
  const { session } = useSession()
  const own = useBucketKeys(bucket, region)
  const named = useKeyChoices({ bucketName: bucket })
  const all = useKeyChoices({})
  const [chosen, setChosen] = useState(ANYONE)
  const [objectKey, setObjectKey] = useState('')
  const [address, setAddress] = useState('')
  const asked = useDeferredValue(objectKey)
  const from = useDeferredValue(address.trim())
  const policy = useDeferredValue(draft)
  const keys = new Map<string, string>()
  for (const list of [named, all])
    for (const { accessKeyId, name } of list.data?.keys ?? [])
      if (accessKeyId !== undefined && name !== undefined) keys.set(accessKeyId, name)
  for (const { accessKeyId } of own.data ?? [])
    if (accessKeyId !== undefined) keys.set(accessKeyId, accessKeyId)
  const name = keys.get(chosen)
  const sourceAddress = isAddress(from) ? from : ''
  const found = useQuery({
    queryKey: ['document', bucket, 'access', chosen, asked, sourceAddress, policy],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      callOperation(
        session,
        'GetBucketAccess',
        {
          bucketName: bucket,
          ...(chosen !== ANYONE && { accessKeyId: chosen }),
          ...(asked !== '' && { objectKey: asked }),
          ...(sourceAddress !== '' && { sourceAddress }),
          ...(policy !== null && { policy }),
        },
        { region, signal },
      ),
  })
  return (
    <div className="stack-tight" role="group" aria-label={words.title}>
      <h3>{words.title}</h3>
      <div className="rule-fields">
        <SelectField
          label={words.who}
          value={chosen}
          onChange={setChosen}
          options={[
            { value: ANYONE, label: words.anyone },
            ...[...keys].map(([value, label]) => ({ value, label })),
          ]}
        />
        <TextField
          label={words.object}
          placeholder={words.anyObject}
          value={objectKey}
          onChange={setObjectKey}
          isCode
        />
        <TextField
          label={words.address}
          placeholder={words.anyAddress}
          value={address}
          onChange={setAddress}
          isCode
          error={from === '' || sourceAddress !== '' ? null : words.noAddress}
        />
      </div>
      {all.data?.hasMore === true && <p className="muted">{words.moreKeys}</p>}
      <div className="sentence-box" aria-live="polite">
        {found.isError && (
          <p>
            {words.failed}: {explain(toApiError(found.error)).why}
          </p>
        )}
        {found.isPending && <Skeleton width={50} lines={2} />}
        {found.data && !found.isError && (
          <MarkedText
            write={(quote) =>
              texts.accessSentence(found.data.access, {
                who: name === undefined ? words.anyone : quote(name),
                quote,
              })
            }
          />
        )}
      </div>
      <p className="muted">{policy === null ? words.stored : words.draft}</p>
    </div>
  )
}
