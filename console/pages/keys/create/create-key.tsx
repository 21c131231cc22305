import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { serverNow } from '../../../api/send.ts'
import { useSeenBuckets } from '../../../data/buckets.ts'
import { KEYS_REGION, useRefreshKeys } from '../../../data/keys.ts'
import { Sheet } from '../../../parts/dialog.tsx'
import { useOperation } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import type { MadeKey } from '../secret/secret-snippets.ts'
import { faultsOf, inputOf, type KeyDraft } from './key-draft.ts'
import { EMPTY_DRAFT, RightsForm } from './rights-form.tsx'

const words = texts.keys.form

interface CreateKeyProps {
  /** The bucket that it is made for; null: one chooses. */
  readonly bucket: string | null
  readonly onClose: () => void
  readonly onMade: (made: MadeKey) => void
}

/** Makes an application key: a name, what it may do, what limits it, and the sentence that all of it comes to. */
export const CreateKey = (props: CreateKeyProps & { readonly isOpen: boolean }): ReactNode => (
  <Sheet
    title={props.bucket === null ? words.title : words.titleIn(props.bucket)}
    isOpen={props.isOpen}
    onClose={props.onClose}
  >
    <CreateKeyForm {...props} />
  </Sheet>
)

function CreateKeyForm({ bucket, onClose, onMade }: CreateKeyProps): ReactNode {
  const [draft, setDraft] = useState<KeyDraft>({
    ...EMPTY_DRAFT,
    buckets: bucket === null ? null : [bucket],
  })
  const seen = useSeenBuckets()
  const operation = useOperation()
  const refresh = useRefreshKeys()
  const input = inputOf(draft)
  const create = useMutation({
    // What it gives has the secret, which no cache keeps.
    mutationFn: async () => {
      const { accessKey } = await operation('CreateAccessKey', input, { region: KEYS_REGION })
      await refresh()
      const [first = null] = input.buckets ?? []
      onMade({
        name: draft.name,
        accessKeyId: accessKey?.accessKeyId ?? '',
        secretAccessKey: accessKey?.secretAccessKey ?? '',
        endpoint: location.origin,
        region: seen.data?.find(({ name }) => name === first)?.region ?? KEYS_REGION,
        bucket: first,
      })
    },
  })
  return (
    <RightsForm
      draft={draft}
      onChange={(changed) => setDraft({ ...draft, ...changed })}
      found={faultsOf(draft, serverNow())}
      name={{ label: words.name, hint: words.nameHint, bad: words.nameBad }}
      facts={input}
      action={words.action(draft.name)}
      failure={create.isError ? { what: words.failed(draft.name), error: create.error } : null}
      isPending={create.isPending}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    />
  )
}
