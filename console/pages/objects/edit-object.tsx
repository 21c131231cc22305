import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { KEPT_HEADERS, type KeptHeader, type ObjectFacts } from '../../api/s3/head-object.ts'
import { aclHeaders } from '../../api/s3/object-acl.ts'
import { COPY_BYTES_MAX, copyObject, putTags, type ObjectAddress, type Tags } from '../../api/s3/objects.ts'
import { useObject, useRefreshObjects, useTags, useVersioning } from '../../data/objects.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/fields.tsx'
import { ErrorNote, Note, Skeleton } from '../../parts/notes.tsx'
import { TagsField } from '../../parts/tags-field.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { baseName, shownName } from '../../parts/shown-name.ts'

const words = texts.objects.edit
/** What a header can hold: anything else would come out otherwise than it was typed. */
const HEADER_TEXT = /^[ -~]*$/
const METADATA_KEY = /^[a-z0-9!#$%&'*+.^_`|~-]+$/

/** Changes what an object says about itself, and its tags. */
export function EditObject({
  address,
  onClose,
}: {
  readonly address: ObjectAddress
  readonly onClose: () => void
}): ReactNode {
  const facts = useObject(address)
  const tags = useTags(address)
  return (
    <Dialog title={words.title(shownName(baseName(address.key)))} isOpen onClose={onClose}>
      {facts.isError ? (
        <ErrorNote what={words.notRead} error={facts.error} />
      ) : facts.data && !tags.isPending ? (
        <EditForm address={address} facts={facts.data} tags={tags.data ?? null} onClose={onClose} />
      ) : (
        <Skeleton width={40} lines={6} />
      )}
    </Dialog>
  )
}

function EditForm({
  address,
  facts,
  tags: oldTags,
  onClose,
}: {
  readonly address: ObjectAddress
  readonly facts: ObjectFacts
  /** Null where the key at hand may not read them. */
  readonly tags: Tags | null
  readonly onClose: () => void
}): ReactNode {
  const { session } = useSession()
  const refresh = useRefreshObjects(address.bucket)
  const versioning = useVersioning(address)
  const [headers, setHeaders] = useState<Readonly<Partial<Record<KeptHeader, string>>>>(facts.headers)
  const [metadata, setMetadata] = useState<Tags>(facts.metadata)
  const [tags, setTags] = useState<Tags>(oldTags ?? [])
  const [isTried, setIsTried] = useState(false)
  const given = metadata
    .map(({ key, value }) => ({ key: key.toLowerCase(), value }))
    .filter(({ key }) => key !== '')
  const isGood =
    [...Object.values(headers), ...given.map(({ value }) => value)].every((text) => HEADER_TEXT.test(text)) &&
    given.every(({ key }) => METADATA_KEY.test(key)) &&
    new Set(given.map(({ key }) => key)).size === given.length
  const save = useMutation({
    mutationFn: async () => {
      const isChanged =
        KEPT_HEADERS.some((name) => (headers[name] ?? '') !== (facts.headers[name] ?? '')) ||
        JSON.stringify(given) !== JSON.stringify(facts.metadata)
      if (isChanged)
        await copyObject(session, address, address, {
          headers: {
            ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')),
            ...Object.fromEntries(given.map(({ key, value }) => [`x-amz-meta-${key}`, value])),
          },
          acl: await aclHeaders(session, address),
          ifSourceIs: facts.etag,
        })
      const wanted = tags.filter(({ key }) => key !== '')
      if (oldTags && JSON.stringify(wanted) !== JSON.stringify(oldTags))
        await putTags(session, address, wanted)
    },
    onSuccess: async () => {
      await refresh()
      toast(words.done(shownName(baseName(address.key))))
      onClose()
    },
  })
  const isTooLarge = facts.size > COPY_BYTES_MAX
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setIsTried(true)
        if (isGood && !save.isPending) save.mutate()
      }}
    >
      {isTooLarge && (
        <Note kind="warning">
          <p>{words.tooLarge}</p>
        </Note>
      )}
      {KEPT_HEADERS.map((name) => (
        <TextField
          key={name}
          label={texts.objects.pane.headers[name] ?? name}
          value={headers[name] ?? ''}
          isDisabled={isTooLarge}
          onChange={(value) => setHeaders({ ...headers, [name]: value })}
        />
      ))}
      {!isTooLarge && (
        <TagsField
          label={words.metadata}
          addLabel={words.addMetadata}
          tags={metadata}
          onChange={setMetadata}
        />
      )}
      {oldTags ? <TagsField tags={tags} onChange={setTags} /> : <p className="muted">{words.noTags}</p>}
      {isTried && !isGood && (
        <Note kind="error">
          <p>{words.bad}</p>
        </Note>
      )}
      <p className="muted">{versioning.data === 'Enabled' ? words.newVersion : words.copied}</p>
      {save.isError && <ErrorNote what={words.failed} error={save.error} />}
      <div className="form-actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button type="submit" weight="primary" isDisabled={save.isPending}>
          {words.action}
        </Button>
      </div>
    </Form>
  )
}
